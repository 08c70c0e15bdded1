/// Sums and products of bytes that stay at the largest number there is where they would wrap to a
/// small one: what no limit has room for must not look like what any has.
#pragma once

#include <cstdint>
#include <limits>

namespace leat {

/// Where sums and products stop: more than any limit.
inline constexpr std::uint64_t kBoundless = std::numeric_limits<std::uint64_t>::max();

constexpr std::uint64_t plus(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kBoundless : sum;
}

constexpr std::uint64_t times(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kBoundless : product;
}

}  // namespace leat
