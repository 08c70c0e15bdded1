/// A text as 16 bytes: up to 12 of its letters in place, else its first four and where it lies.
///
///   auto text = leat::ShortText::of(word, readable_end);
///   text == leat::ShortText::of(other, other_end)      // two comparisons, where both are short
///
/// After the strings of T. Neumann and M. Freitag, "Umbra: A disk-based system with in-memory performance"
/// (2020). Lives as long as what it points to. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace leat {

class ShortText {
 public:
  static constexpr std::size_t kInPlace = 12;

  /// Null: equal to itself only.
  ShortText() = default;
  /// `end`: up to where memory may be read.
  static ShortText of(std::string_view text, const char* end) {
    ShortText made;
    auto length = static_cast<std::uint32_t>(text.size());
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    if (text.data() + kInPlace <= end) {
      std::memcpy(&head, text.data(), 4);
      std::memcpy(&tail, text.data() + 4, 8);
      head &= kHead[length < 4 ? length : 4];
      tail &= kTail[length < 4 ? 0 : length < kInPlace ? length - 4 : 8];
    } else if (length > 0) {
      std::memcpy(&head, text.data(), length < 4 ? length : 4);
      if (length > 4) std::memcpy(&tail, text.data() + 4, length < kInPlace ? length - 4 : 8);
    }
    made.start_ = length | head << 32;
    made.rest_ = length <= kInPlace ? tail : reinterpret_cast<std::uintptr_t>(text.data());
    return made;
  }

  bool null() const { return length() == kNull; }
  std::uint32_t length() const { return static_cast<std::uint32_t>(start_); }
  bool in_place() const { return length() <= kInPlace || null(); }
  /// Length and first four letters; the others, or where the text lies.
  std::uint64_t start() const { return start_; }
  std::uint64_t rest() const { return rest_; }

  /// Of one that is not null: valid as long as this object, and what it points to.
  std::string_view view() const {
    if (length() > kInPlace) return {reinterpret_cast<const char*>(rest_), length()};
    return {reinterpret_cast<const char*>(&start_) + 4, length()};
  }
  /// Moved to where its letters are kept.
  void point_to(const char* letters) { rest_ = reinterpret_cast<std::uintptr_t>(letters); }

  friend bool operator==(const ShortText& a, const ShortText& b) {
    if (a.start_ != b.start_) return false;
    return a.rest_ == b.rest_ || (!a.in_place() && a.view() == b.view());
  }

 private:
  static constexpr std::uint32_t kNull = ~std::uint32_t{0};
  static constexpr std::array<std::uint64_t, 5> kHead{0, 0xff, 0xffff, 0xffffff, 0xffffffff};
  static constexpr std::array<std::uint64_t, 9> kTail{0,
                                                      0xff,
                                                      0xffff,
                                                      0xffffff,
                                                      0xffffffff,
                                                      0xffffffffff,
                                                      0xffffffffffff,
                                                      0xffffffffffffff,
                                                      0xffffffffffffffff};

  // One after the other: the letters in place follow the length.
  std::uint64_t start_ = kNull;
  std::uint64_t rest_ = 0;
};
static_assert(sizeof(ShortText) == 16);

}  // namespace leat
