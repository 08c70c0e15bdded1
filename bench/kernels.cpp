#include "kernels.hpp"

#include <cstring>

// Plain loops, vectorised by the compiler, with one clone per instruction set: the binary is
// portable and the loops run at the speed of the cache, so what is compared is the moving of
// chunks and not arithmetic.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__)
#define BENCH_KERNEL __attribute__((noinline, target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define BENCH_KERNEL __attribute__((noinline))
#endif

namespace bench {

namespace {
constexpr std::size_t lanes = 64;          // bytes added side by side
constexpr std::size_t rows_per_sum = 256;  // 256 x 255 still fits in a 16-bit lane
}  // namespace

BENCH_KERNEL std::uint64_t read_bytes(const std::uint8_t* data, std::size_t size) {
  std::uint64_t total = 0;
  std::size_t at = 0;
  while (at + lanes <= size) {
    std::uint16_t sums[lanes] = {};
    for (std::size_t row = 0; row < rows_per_sum && at + lanes <= size; ++row, at += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        sums[lane] = static_cast<std::uint16_t>(sums[lane] + data[at + lane]);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      total += sums[lane];
  }
  for (; at < size; ++at)
    total += data[at];
  return total;
}

BENCH_KERNEL void make_bytes(std::uint8_t* __restrict to, const std::uint8_t* __restrict from,
                             std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    to[i] = static_cast<std::uint8_t>(from[i] + 1);
}

__attribute__((noinline)) void begin_chunk(std::uint8_t* data, std::size_t size,
                                           std::uint64_t number, bool fill) {
  if (fill) std::memset(data, static_cast<int>(number & 0xff), size);
  std::memcpy(data, &number, sizeof number);
}

}  // namespace bench
