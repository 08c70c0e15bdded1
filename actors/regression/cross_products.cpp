#include <leat/actors/regression/cross_products.hpp>

// Highway includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "leat/actors/regression/cross_products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::cross_products::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::CappedTag<double, kPanel>;
using Numbers = hn::Vec<Wide>;
// Columns on the broadcast side and vectors on the other: a sum takes two registers.
constexpr std::size_t kTall = HWY_TARGET <= HWY_AVX3 ? 4 : 2;
constexpr std::size_t kBroad = 3;
// 1.5 times a power of two that is above twice the sum of kRows products of numbers below 1.
constexpr double kAnchor = 3 * kRows;
static_assert((kRows & (kRows - 1)) == 0);

// S and E of one vector of sums.
struct Anchored {
  Numbers sum;
  Numbers rest;
};

#if HWY_NATIVE_FMA
using Factor = Numbers;
HWY_INLINE Factor factor(Numbers x) { return x; }

HWY_INLINE void accumulate(Factor a, Factor b, Anchored& to) {
  auto moved = hn::MulAdd(a, b, to.sum);
  to.rest = hn::Add(to.rest, hn::MulAdd(a, b, hn::Sub(to.sum, moved)));
  to.sum = moved;
}
#else
struct Factor {
  Numbers high;
  Numbers low;
};
HWY_INLINE Factor factor(Numbers x) {
  auto spread = hn::Mul(x, hn::Set(Wide(), 134217729.0));  // 2^27 + 1
  auto high = hn::Sub(spread, hn::Sub(spread, x));
  return {high, hn::Sub(x, high)};
}

HWY_INLINE void accumulate_exact(Numbers product, Anchored& to) {
  auto moved = hn::Add(to.sum, product);
  to.rest = hn::Add(to.rest, hn::Add(product, hn::Sub(to.sum, moved)));
  to.sum = moved;
}

HWY_INLINE void accumulate(Factor a, Factor b, Anchored& to) {
  accumulate_exact(hn::Mul(a.high, b.high), to);
  accumulate_exact(hn::Mul(a.high, b.low), to);
  accumulate_exact(hn::Mul(a.low, b.high), to);
  to.rest = hn::Add(to.rest, hn::Mul(a.low, b.low));
}
#endif

// Adds one vector of a block's sums to the totals.
HWY_INLINE void add_to_totals(Numbers anchor, Anchored block, double* high, double* low) {
  const Wide d;
  auto part = hn::Sub(block.sum, anchor);
  auto before = hn::Load(d, high);
  auto total = hn::Add(before, part);
  auto moved = hn::Sub(total, before);
  auto lost = hn::Add(hn::Sub(before, hn::Sub(total, moved)), hn::Sub(part, moved));
  auto rest = hn::Add(lost, hn::Add(hn::Load(d, low), block.rest));
  auto sum = hn::Add(total, rest);
  hn::Store(sum, d, high);
  hn::Store(hn::Sub(rest, hn::Sub(sum, total)), d, low);
}

// What a strip of the triangle is made from, and where it goes.
struct Strip {
  const double* left;         // the first of kTall columns
  const double* left_powers;  // theirs
  std::size_t rows;
  double* high;
  double* low;
  std::size_t width;
};

// Adds kTall columns times `Broad` vectors of columns.
template <std::size_t Broad>
void tile(const Strip& strip, const double* const* right, const double* right_powers, std::size_t to) {
  const Wide d;
  const std::size_t lanes = hn::Lanes(d);
  Anchored sums[kTall][Broad];
#pragma GCC unroll 4
  for (std::size_t m = 0; m < kTall; ++m) {
    auto power = hn::Set(d, kAnchor * strip.left_powers[m]);
#pragma GCC unroll 3
    for (std::size_t v = 0; v < Broad; ++v) {
      sums[m][v] = {hn::Mul(power, hn::Load(d, right_powers + v * lanes)), hn::Zero(d)};
    }
  }
  for (std::size_t r = 0; r < strip.rows; ++r) {
    Factor b[Broad];
#pragma GCC unroll 3
    for (std::size_t v = 0; v < Broad; ++v) b[v] = factor(hn::Load(d, right[v] + kPanel * r));
#pragma GCC unroll 4
    for (std::size_t m = 0; m < kTall; ++m) {
      Factor a = factor(hn::Set(d, strip.left[kPanel * r + m]));
#pragma GCC unroll 3
      for (std::size_t v = 0; v < Broad; ++v) accumulate(a, b[v], sums[m][v]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t m = 0; m < kTall; ++m) {
    auto power = hn::Set(d, kAnchor * strip.left_powers[m]);
#pragma GCC unroll 3
    for (std::size_t v = 0; v < Broad; ++v) {
      std::size_t place = to + m * strip.width + v * lanes;
      auto anchor = hn::Mul(power, hn::Load(d, right_powers + v * lanes));
      add_to_totals(anchor, sums[m][v], strip.high + place, strip.low + place);
    }
  }
}

// The sums of the strip's columns with all from vector `from` on, the first of its panel being `first`.
void run(const Strip& strip, const double* packed, const double* powers, std::size_t first,
         std::size_t from, std::size_t vectors) {
  const std::size_t lanes = hn::Lanes(Wide());
  auto vector = [&](std::size_t v) HWY_ATTR {
    return packed + v * lanes / kPanel * kPanel * kRows + v * lanes % kPanel;
  };
  std::size_t v = from;
  // One vector alone would wait for itself: the last four are two and two.
  while (v < vectors) {
    const double* right[kBroad] = {vector(v), vector(v + 1), vector(v + 2)};
    const std::size_t left = vectors - v;
    const std::size_t to = (v - first) * lanes;
    if (left == 1) {
      tile<1>(strip, right, powers + v * lanes, to);
      v += 1;
    } else if (left == 2 || left == 4) {
      tile<2>(strip, right, powers + v * lanes, to);
      v += 2;
    } else {
      tile<3>(strip, right, powers + v * lanes, to);
      v += 3;
    }
  }
}

// By column, the power of two next above all its numbers.
void measure(const double* packed, std::size_t columns, std::size_t rows, double* powers) {
  const Wide d;
  const hn::RebindToUnsigned<Wide> bits;
  const auto exponent = hn::Set(bits, std::uint64_t{0x7FF} << 52);
  const auto next = hn::Set(bits, std::uint64_t{1} << 52);
  for (std::size_t c = 0; c < panels(columns) * kPanel; c += hn::Lanes(d)) {
    const double* cells = packed + c / kPanel * kPanel * kRows + c % kPanel;
    auto most = hn::Zero(d);
    for (std::size_t r = 0; r < rows; ++r) most = hn::Max(most, hn::Abs(hn::Load(d, cells + kPanel * r)));
    hn::Store(hn::BitCast(d, hn::Add(hn::And(hn::BitCast(bits, most), exponent), next)), d, powers + c);
  }
}

void add_block(const double* packed, double* powers, std::size_t columns, std::size_t rows, double* high,
               double* low) {
  measure(packed, columns, rows, powers);
  const std::size_t count = panels(columns);
  const std::size_t lanes = hn::Lanes(Wide());
  for (std::size_t p = 0; p < count; ++p) {
    const std::size_t width = kPanel * (count - p);
    for (std::size_t m = 0; m < kPanel && p * kPanel + m < columns; m += kTall) {
      const std::size_t column = p * kPanel + m;
      Strip strip{packed + p * kPanel * kRows + m, powers + column, rows, high + m * width, low + m * width, width};
      // Vectors left of the diagonal's tile are not wanted, nor are those without a column.
      run(strip, packed, powers, p * kPanel / lanes, column / lanes, (columns + lanes - 1) / lanes);
    }
    high += kPanel * width;
    low += kPanel * width;
  }
}

const char* name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace leat::cross_products::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leat::cross_products {

HWY_EXPORT(add_block);
HWY_EXPORT(name);

void add(Block& block, std::size_t rows, Sums& sums) {
  HWY_DYNAMIC_DISPATCH(add_block)(block.data(), block.powers(), block.columns(), rows, sums.high(), sums.low());
}

const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(name)(); }

}  // namespace leat::cross_products
#endif
