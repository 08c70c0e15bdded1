#include <leat/actors/group/exact_sum.hpp>

#include <cmath>

namespace leat {

void WideSum::add(const std::uint64_t* words, std::size_t count, std::size_t at) {
  std::size_t to = at / 64;
  unsigned shift = at % 64;
  std::uint64_t sign = words[count - 1] >> 63 ? ~std::uint64_t{0} : 0;
  std::uint64_t below = 0;
  unsigned __int128 carry = 0;
  for (std::size_t i = 0; to + i < kWords; ++i) {
    std::uint64_t word = i < count ? words[i] : sign;
    std::uint64_t part = shift ? word << shift | below >> (64 - shift) : word;
    below = word;
    carry += static_cast<unsigned __int128>(words_[to + i]) + part;
    words_[to + i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
}

void WideSum::add(double number) {
  auto bits = std::bit_cast<std::uint64_t>(number);
  std::uint64_t exponent = bits << 1 >> 53;
  std::uint64_t digits = bits & ((std::uint64_t{1} << 52) - 1);
  if (exponent > 0) {
    digits |= std::uint64_t{1} << 52;
    --exponent;
  }
  if (bits >> 63) digits = ~digits + 1;
  if (digits != 0) add(&digits, 1, exponent);
}

RoundedSum WideSum::rounded() const {
  RoundedSum sum;
  auto words = words_;
  sum.negative = words[kWords - 1] >> 63;
  for (std::size_t i = 0, carry = 1; sum.negative && i < kWords; ++i) {
    words[i] = ~words[i] + carry;
    carry = carry && words[i] == 0;
  }
  std::size_t top = kWords;
  while (top > 0 && words[top - 1] == 0) --top;
  if (top == 0) return sum;
  std::size_t length = 64 * top - static_cast<std::size_t>(std::countl_zero(words[top - 1]));
  sum.exponent = -1074;
  if (length <= 53) {
    sum.digits = words[0];
    return sum;
  }
  // 53 digits, and whether what is cut off is more than, or just, a half.
  std::size_t cut = length - 53;
  auto bit = [&](std::size_t at) { return words[at / 64] >> (at % 64) & 1; };
  for (std::size_t i = 0; i < 53; ++i) sum.digits |= bit(cut + i) << i;
  bool below = false;
  for (std::size_t i = 0; i < (cut - 1) / 64; ++i) below = below || words[i] != 0;
  if (std::size_t rest = (cut - 1) % 64) below = below || words[(cut - 1) / 64] << (64 - rest) != 0;
  if (bit(cut - 1) && (below || sum.digits % 2)) ++sum.digits;
  sum.exponent += static_cast<int>(cut);
  return sum;
}

double WideSum::value() const {
  auto sum = rounded();
  double value = std::ldexp(static_cast<double>(sum.digits), sum.exponent);
  return sum.negative ? -value : value;
}

double WideSum::mean(std::int64_t count) const {
  auto sum = rounded();
  double mean = std::ldexp(static_cast<double>(sum.digits) / static_cast<double>(count), sum.exponent);
  return sum.negative ? -mean : mean;
}

}  // namespace leat
