/// Exact sums of f64: whatever the order and the split, rounded once, at the end.
///
///   leat::NarrowSum sum;
///   if (leat::NarrowSum::takes(x)) sum.add(x);    // else WideSum, which takes every finite number
///   leat::WideSum all;
///   all.add(sum);
///   all.value();                                  // the f64 nearest to the sum, ties to even
///
/// A sum is a whole number in units of the least bit there can be (U. Kulisch, 1971; R. Neal, "Fast exact
/// summation using small and large superaccumulators", 2015). One for all of f64 takes 272 bytes, too much for
/// one a group: a narrow one takes 24 and holds what has no bit below 2^-96 and is below 2^60 in size.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace leat {

/// Whole numbers of 2^-96, two's complement. Plain values.
struct NarrowSum {
  /// True for 0 and for finite numbers that it can add: none of those is lost or rounded.
  static bool takes(double number) {
    auto bits = std::bit_cast<std::uint64_t>(number) << 1 >> 1;
    return (bits >> 52) - kLeast <= kMost - kLeast || bits == 0;
  }

  /// A number that it takes.
  void add(double number) {
    auto bits = std::bit_cast<std::uint64_t>(number);
    auto magnitude = bits << 1 >> 1;
    if (magnitude == 0) return;
    auto shift = (magnitude >> 52) - kLeast;
    auto digits = (magnitude & ((std::uint64_t{1} << 52) - 1)) | std::uint64_t{1} << 52;
    auto part = static_cast<unsigned __int128>(digits) << (shift & 63);
    auto low = static_cast<std::uint64_t>(part);
    auto high = static_cast<std::uint64_t>(part >> 64);
    bool up = shift >= 64;
    auto sign = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63);
    auto one = sign & 1;
    auto sum = static_cast<unsigned __int128>(words[0]) + ((up ? 0 : low) ^ sign) + one;
    words[0] = static_cast<std::uint64_t>(sum);
    sum = static_cast<unsigned __int128>(words[1]) + ((up ? low : high) ^ sign) + (sum >> 64);
    words[1] = static_cast<std::uint64_t>(sum);
    words[2] += ((up ? high : 0) ^ sign) + static_cast<std::uint64_t>(sum >> 64);
  }

  /// True long before it could overflow: to be moved to a wide one then.
  bool nearly_full() const { return (words[2] + (std::uint64_t{1} << 62)) >> 63 != 0; }

  std::array<std::uint64_t, 3> words{};

 private:
  static constexpr std::uint64_t kLeast = 1023 + 52 - 96;
  static constexpr std::uint64_t kMost = 1023 + 59;
};

/// A sum as it is rounded: digits * 2^exponent, with at most 53 digits.
struct RoundedSum {
  std::uint64_t digits = 0;
  int exponent = 0;
  bool negative = false;
};

/// Whole numbers of 2^-1074, two's complement: sums of up to 2^60 finite numbers. Plain values.
class WideSum {
 public:
  static constexpr std::size_t kWords = 34;

  /// A finite number.
  void add(double number);
  void add(const NarrowSum& sum) { add(sum.words.data(), sum.words.size(), 1074 - 96); }
  void add(const WideSum& sum) { add(sum.words_.data(), kWords, 0); }

  RoundedSum rounded() const;
  /// The nearest f64; infinity beyond it.
  double value() const;
  /// The sum by a count of at least 1, also where the sum itself is beyond f64.
  double mean(std::int64_t count) const;

 private:
  // Adds a two's complement number whose least bit is that of `at`.
  void add(const std::uint64_t* words, std::size_t count, std::size_t at);

  std::array<std::uint64_t, kWords> words_{};
};

}  // namespace leat
