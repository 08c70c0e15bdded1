#include <leat/net/batch.hpp>

#include <leat/net/crc32c.hpp>

#include <algorithm>
#include <cstring>

#include <lz4.h>

namespace leat::wire {
namespace {

// Copied beside their headers: one piece less for the kernel, one record less under TLS.
constexpr std::size_t kSmall = 1024;

}  // namespace

void Batch::add(std::span<const std::byte> raw) {
  first_.insert(first_.end(), raw.begin(), raw.end());
  bytes_ += raw.size();
}

void Batch::add(const Header& header) {
  entries_.push_back({header, {}, 0, 0, false});
  bytes_ += kHeader;
}

void Batch::add(const Header& header, const Chunk& chunk, std::size_t offset, bool compress) {
  std::size_t raw = slice_at(offset, chunk.bytes());
  entries_.push_back({header, chunk, offset, raw, compress});
  bytes_ += kHeader + raw;
}

std::size_t Batch::room_needed() const {
  std::size_t room = first_.size() + entries_.size() * kHeader;
  for (const Entry& entry : entries_) {
    if (entry.compress || entry.raw <= kSmall) room += entry.raw;
  }
  return room;
}

void Batch::seal() {
  // Before any piece points into it; it keeps its room from batch to batch.
  std::size_t room = room_needed();
  if (staging_.size() < room) staging_.resize(room);
  if (!first_.empty()) std::memcpy(stage(first_.size()), first_.data(), first_.size());
  for (Entry& entry : entries_) lay_out(entry);
}

void Batch::lay_out(Entry& entry) {
  Header& header = entry.header;
  std::byte* head = stage(kHeader);
  if (entry.raw > 0) {
    const std::byte* payload = entry.chunk.message().data() + entry.offset;
    std::size_t length = entry.raw;
    bool staged = false;
    if (entry.compress) {
      // One byte less than the slice: what does not shrink goes as it is.
      auto packed = LZ4_compress_default(
          reinterpret_cast<const char*>(payload), reinterpret_cast<char*>(staging_.data() + staged_),
          static_cast<int>(length), static_cast<int>(length - 1));
      header.lz4 = packed > 0;
      if (header.lz4) {
        length = static_cast<std::size_t>(packed);
        payload = stage(length);
        staged = true;
      }
    }
    if (!staged && length <= kSmall) {
      payload = static_cast<std::byte*>(std::memcpy(stage(length), payload, length));
      staged = true;
    }
    header.slice = static_cast<std::uint32_t>(length);
    if (checked_) header.payload_crc = crc32c({payload, length});
    if (!staged) refer(payload, length);
  }
  encode(header, std::span<std::byte, kHeader>(head, kHeader));
}

std::byte* Batch::stage(std::size_t bytes) {
  std::byte* at = staging_.data() + staged_;
  staged_ += bytes;
  refer(at, bytes);
  return at;
}

// Adjoining pieces become one.
void Batch::refer(const std::byte* at, std::size_t bytes) {
  if (!pieces_.empty()) {
    iovec& last = pieces_.back();
    if (static_cast<const std::byte*>(last.iov_base) + last.iov_len == at) {
      last.iov_len += bytes;
      return;
    }
  }
  pieces_.push_back({const_cast<std::byte*>(at), bytes});
}

void Batch::wrote(std::size_t bytes) {
  while (bytes > 0) {
    iovec& piece = pieces_[written_];
    std::size_t now = std::min(bytes, piece.iov_len);
    piece.iov_base = static_cast<char*>(piece.iov_base) + now;
    piece.iov_len -= now;
    bytes -= now;
    if (piece.iov_len == 0) ++written_;
  }
  if (written_ < pieces_.size()) return;
  pieces_.clear();
  entries_.clear();
  first_.clear();
  written_ = staged_ = bytes_ = 0;
}

}  // namespace leat::wire
