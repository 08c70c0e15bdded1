#include <algorithm>
#include <cstring>
#include <utility>

#include <leat/actors/input/file.hpp>

namespace leat {
namespace {

constexpr std::size_t kRaw = 128 * 1024;
// What is unpacked to be passed over in one call, so that a job can be stopped meanwhile.
constexpr std::uint64_t kPassedOver = std::uint64_t{64} << 20;
// How long a read waits for a pipe: no longer than a chunk may wait to be sent on.
constexpr std::chrono::milliseconds kPatience{10};

}  // namespace

Result<InputFile> InputFile::open(const std::string& path, std::uint64_t most_window) {
  auto bytes = InputBytes::open(path);
  if (!bytes) return bytes.error();
  InputFile file;
  file.bytes_ = std::move(bytes).value();
  file.most_window_ = most_window;
  if (auto looked = file.look(); !looked) return looked.error();
  return file;
}

// What it is. Of a regular plain file nothing is kept: it is read where it lies.
Result<void> InputFile::look() {
  raw_.reserve(kRaw);
  while (!raw_ended_ && raw_.size() < kPackingBytes) {
    until_ = std::chrono::steady_clock::now() + kPatience;
    auto went = refill();
    if (!went) return went.error();
    if (!*went) bytes_.wait_for_more(until_);
  }
  packing_ = packing_of(raw_);
  if (auto name = unread_packing(raw_); !name.empty()) {
    return corrupt(path() + ": is packed with " + name + ", which is not read; unpack it, or use gzip or zstd");
  }
  if (packing_ != Packing::plain) unpacker_ = unpacker_of(packing_, most_window_);
  if (plain_file()) {
    raw_ = {};
    raw_end_ = 0;
    raw_ended_ = false;
  }
  return {};
}

// Adds to raw_, where there is room; false when nothing came in time.
Result<bool> InputFile::refill() {
  raw_.erase(0, std::exchange(raw_at_, 0));
  std::size_t had = raw_.size();
  raw_.resize(kRaw);
  std::optional<std::size_t> got;
  if (bytes_.regular()) {
    auto there = bytes_.there();
    if (!there) return there.error();
    bytes_.read_ahead(raw_end_);
    got = static_cast<std::size_t>(std::min<std::uint64_t>(kRaw - had, *there - raw_end_));
    if (auto read = bytes_.read(raw_.data() + had, *got, raw_end_); !read) return read.error();
    raw_ended_ = raw_end_ + *got == bytes_.size();
    if (*got == 0 && !raw_ended_) got.reset();
  } else {
    auto came = bytes_.next(raw_.data() + had, kRaw - had, until_);
    if (!came) return came.error();
    got = *came;
    raw_ended_ = got && *got == 0;
  }
  raw_.resize(had + got.value_or(0));
  raw_end_ += got.value_or(0);
  return got.has_value();
}

std::uint64_t InputFile::taken() const {
  if (plain_file()) return offset_;
  return raw_end_ - (raw_.size() - raw_at_);
}

std::uint64_t InputFile::most_left() const {
  return plain_file() ? bytes_.size() - offset_ : ~std::uint64_t{0};
}

bool InputFile::ended() const {
  if (plain_file()) return offset_ == bytes_.size();
  return ended_ && kept_at_ == kept_.size();
}

Result<std::size_t> InputFile::read(char* to, std::size_t most) {
  if (plain_file()) {
    auto there = bytes_.there();
    if (!there) return there.error();
    bytes_.read_ahead(offset_);
    auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, *there - std::min(*there, offset_)));
    if (auto read = bytes_.read(to, size, offset_); !read) return read.error();
    offset_ += size;
    waits_ = size < most && offset_ < bytes_.size();
    return size;
  }
  if (!bytes_.regular()) until_ = std::chrono::steady_clock::now() + kPatience;
  waits_ = false;
  if (skip_ > 0) {
    if (auto passed = pass_over(to, most); !passed || skip_ > 0) return passed;
  }
  std::size_t had = take_kept(to, most);
  while (had < most && !ended_ && !waits_) {
    auto got = more(to + had, most - had);
    if (!got) return got;
    had += *got;
  }
  offset_ += had;
  return had;
}

// Some of what lies before the offset to go to: none of it is given.
Result<std::size_t> InputFile::pass_over(char* scratch, std::size_t room) {
  for (std::uint64_t passed = 0; skip_ > 0 && passed < kPassedOver;) {
    auto got = more(scratch, static_cast<std::size_t>(std::min<std::uint64_t>(room, skip_)));
    if (!got) return got;
    skip_ -= *got;
    passed += *got;
    if (ended_ && skip_ > 0) {
      return invalid(path() + ": the position " + std::to_string(offset_) + " is beyond its end, " +
                     std::to_string(offset_ - skip_) + " bytes: begin again");
    }
  }
  return std::size_t{0};
}

std::size_t InputFile::take_kept(char* to, std::size_t most) {
  std::size_t had = std::min(most, kept_.size() - kept_at_);
  std::memcpy(to, kept_.data() + kept_at_, had);
  kept_at_ += had;
  if (kept_at_ < kept_.size()) return had;
  kept_at_ = 0;
  kept_.clear();
  // A sample may be large; what is given back between blocks is not.
  if (kept_.capacity() > kRaw) kept_.shrink_to_fit();
  return had;
}

Result<std::size_t> InputFile::read_whole(char* to, std::size_t most) {
  std::size_t had = 0;
  while (had < most && !ended()) {
    auto got = read(to + had, most - had);
    if (!got) return got;
    had += *got;
    if (waits_) bytes_.wait_for_more(std::chrono::steady_clock::now() + kPatience);
  }
  return had;
}

// Some bytes past all that was read; none with ended_ or waits_ set, or when it has to be asked again.
Result<std::size_t> InputFile::more(char* to, std::size_t most) {
  if (unpacker_) return unpack(to, most);
  if (raw_at_ == raw_.size() && !raw_ended_) {
    auto came = bytes_.next(to, most, until_);
    if (!came) return came.error();
    waits_ = !came->has_value();
    std::size_t got = came->value_or(0);
    raw_end_ += got;
    raw_ended_ = ended_ = !waits_ && got == 0;
    return got;
  }
  std::size_t size = std::min(most, raw_.size() - raw_at_);
  std::memcpy(to, raw_.data() + raw_at_, size);
  raw_at_ += size;
  ended_ = raw_ended_ && raw_at_ == raw_.size();
  return size;
}

Result<std::size_t> InputFile::unpack(char* to, std::size_t most) {
  auto did = unpacker_->unpack(std::string_view(raw_).substr(raw_at_), {to, most});
  if (!did) return at_byte(did.error());
  raw_at_ += did->taken;
  if (did->taken > 0 || did->given > 0) return did->given;
  if (!raw_ended_) {
    auto came = refill();
    if (!came) return came.error();
    waits_ = !*came;
    return std::size_t{0};
  }
  if (unpacker_->may_end()) {
    ended_ = true;
    return std::size_t{0};
  }
  if (grown()) return grows();
  return corrupt(path() + ": ends in the middle of a " + packing_name(packing_) + " stream, at byte " +
                 std::to_string(raw_end_) + ": it is cut off; fetch or make it again")
      .about({.file = path()});
}

Error InputFile::at_byte(const Error& error) const {
  bool advised = error.sentence.find(';') != std::string::npos;
  return Error(error.kind, path() + ": at byte " + std::to_string(taken()) + ": " + error.sentence +
                               (advised ? "" : "; fetch or make it again"))
      .about({.file = path()});
}

void InputFile::give_back(std::string_view rest) {
  offset_ -= rest.size();
  if (plain_file()) return;
  // All that was read last was kept before: it still is, where more of that is to come.
  if (kept_at_ < kept_.size() && kept_at_ >= rest.size()) {
    kept_at_ -= rest.size();
    return;
  }
  kept_.assign(rest);
  kept_at_ = 0;
}

void InputFile::begin_again(std::string_view all) {
  if (bytes_.regular()) {
    seek(0);
  } else {
    give_back(all);
  }
}

void InputFile::seek(std::uint64_t offset) {
  std::uint64_t forward = offset - std::exchange(offset_, offset);
  if (!bytes_.regular()) {
    auto kept = static_cast<std::size_t>(std::min<std::uint64_t>(forward, kept_.size() - kept_at_));
    kept_at_ += kept;
    skip_ = forward - kept;
    return;
  }
  if (!unpacker_) return;
  unpacker_->begin_again();
  skip_ = offset;
  kept_.clear();
  kept_at_ = 0;
  raw_.clear();
  raw_at_ = 0;
  raw_end_ = 0;
  raw_ended_ = ended_ = false;
}

std::uint64_t InputFile::most_memory(std::uint64_t kept) const {
  if (plain_file()) return 0;
  return unpacker_bytes(packing_, most_window_) + kRaw + std::max<std::uint64_t>(kept, kept_.capacity());
}

}  // namespace leat
