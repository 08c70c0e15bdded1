#pragma once
// A file read a block of whole lines at a time, as a loop without a framework does.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace bench {

class FileBlocks {
 public:
  static constexpr std::size_t kBlock = 256 * 1024;
  static constexpr std::size_t kPadding = 64;

  explicit FileBlocks(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("cannot open " + path);
    buffer_.resize(kBlock + kPadding);
  }
  ~FileBlocks() { ::close(descriptor_); }
  FileBlocks(const FileBlocks&) = delete;
  FileBlocks& operator=(const FileBlocks&) = delete;

  /// The next lines, with kPadding readable bytes behind them; "" at the end. Valid until the next call.
  std::string_view next() {
    const ssize_t got = ::pread(descriptor_, buffer_.data(), kBlock, offset_);
    if (got <= 0) return {};
    std::string_view text(buffer_.data(), static_cast<std::size_t>(got));
    if (text.size() == kBlock) text = text.substr(0, text.rfind('\n') + 1);
    offset_ += static_cast<off_t>(text.size());
    return text;
  }

 private:
  int descriptor_;
  off_t offset_ = 0;
  std::string buffer_;
};

}  // namespace bench
