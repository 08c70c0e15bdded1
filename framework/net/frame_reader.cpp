#include <leat/net/frame_reader.hpp>

#include <algorithm>
#include <cstring>

namespace leat::wire {
namespace {

// Behind a payload with this much to come only the next header is staged: what follows a large slice is
// most often another, which should not be read to the wrong place.
constexpr std::size_t kLarge = 16 * 1024;

}  // namespace

std::span<const iovec> FrameReader::room() {
  std::size_t staged = left_ >= kLarge ? kHeader : staging_.size() - last_;
  iovec stage{staging_.data() + last_, staged};
  if (left_ == 0) {
    room_[0] = stage;
    return std::span(room_).first(1);
  }
  room_ = {iovec{payload_, left_}, stage};
  return room_;
}

Result<void> FrameReader::arrived(std::size_t bytes) {
  std::size_t direct = std::min(bytes, left_);
  if (direct > 0) {
    if (auto taken = take_payload(direct); !taken) return taken;
  }
  last_ += bytes - direct;
  return take_staged();
}

Result<void> FrameReader::take_staged() {
  while (true) {
    std::size_t staged = last_ - first_;
    if (left_ > 0 && staged > 0) {
      std::size_t now = std::min(staged, left_);
      std::memcpy(payload_, staging_.data() + first_, now);
      first_ += now;
      if (auto taken = take_payload(now); !taken) return taken;
    } else if (left_ == 0 && staged >= kHeader) {
      if (auto begun = begin(); !begun) return begun;
    } else {
      break;
    }
  }
  // Less than a header is left: room for the whole of it, at the front.
  if (first_ > 0) std::memmove(staging_.data(), staging_.data() + first_, last_ - first_);
  last_ -= first_;
  first_ = 0;
  return {};
}

Result<void> FrameReader::begin() {
  auto decoded = decode(std::span<const std::byte, kHeader>(staging_.data() + first_, kHeader));
  if (!decoded) return decoded.error();
  first_ += kHeader;
  header_ = *decoded;
  auto place = frames_.begin(header_);
  if (!place) return place.error();
  if (header_.slice == 0) return frames_.finish(header_);
  payload_ = *place;
  left_ = header_.slice;
  return {};
}

Result<void> FrameReader::take_payload(std::size_t bytes) {
  payload_ += bytes;
  left_ -= bytes;
  return left_ == 0 ? frames_.finish(header_) : Result<void>();
}

void FrameReader::reset() {
  first_ = last_ = left_ = 0;
  payload_ = nullptr;
}

}  // namespace leat::wire
