/// Letters that are kept together until all are let go.
///
///   leat::KeptTexts kept;
///   const char* letters = kept.keep("a long text");
///
/// What it holds depends on the texts, not on their order: bytes() is no less than what was allocated. Threads: one.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace leat {

class KeptTexts {
 public:
  /// Bytes that one more text takes, the rest of a block that is left over for it included.
  static std::uint64_t cost(std::size_t length) {
    return length <= kSmall ? length + length / 8 + 1 : length + 64;
  }
  static constexpr std::uint64_t kBlock = std::uint64_t{16} << 10;

  const char* keep(std::string_view text) {
    cost_ += cost(text.size());
    char* to = nullptr;
    if (text.size() > kSmall) {
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(text.size()));
      to = blocks_.back().get();
    } else {
      if (text.size() > left_) {
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
        next_ = blocks_.back().get();
        left_ = kBlock;
      }
      to = next_;
      next_ += text.size();
      left_ -= text.size();
    }
    std::memcpy(to, text.data(), text.size());
    return to;
  }

  /// Of all texts and so much more, what cost() says; the block that is being filled included.
  std::uint64_t bytes(std::uint64_t more = 0) const { return cost_ + more == 0 ? 0 : cost_ + more + kBlock; }

 private:
  static constexpr std::size_t kSmall = kBlock / 16;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::uint64_t cost_ = 0;
};

}  // namespace leat
