#include <leat/actors/cross_products.hpp>

// Highway includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "leat/actors/cross_products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::cross_products::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::CappedTag<double, kPanel>;
// Columns on the broadcast side and vectors on the other: as many sums as there are registers.
constexpr std::size_t kTall = HWY_TARGET <= HWY_AVX3 ? 8 : 4;
constexpr std::size_t kBroad = 3;

// sums[m][v] += a[m] * b[v] over all rows, for `Broad` vectors of columns.
template <std::size_t Broad>
void tile(const double* a, const double* const* b, std::size_t rows, double* sums,
          std::size_t width) {
  const Wide d;
  hn::Vec<Wide> total[kTall][Broad];
#pragma GCC unroll 8
  for (std::size_t m = 0; m < kTall; ++m) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < Broad; ++v) total[m][v] = hn::Zero(d);
  }
  for (std::size_t r = 0; r < rows; ++r) {
    hn::Vec<Wide> right[Broad];
#pragma GCC unroll 3
    for (std::size_t v = 0; v < Broad; ++v) right[v] = hn::Load(d, b[v] + kPanel * r);
#pragma GCC unroll 8
    for (std::size_t m = 0; m < kTall; ++m) {
      auto left = hn::Set(d, a[kPanel * r + m]);
#pragma GCC unroll 3
      for (std::size_t v = 0; v < Broad; ++v) total[m][v] = hn::MulAdd(left, right[v], total[m][v]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t m = 0; m < kTall; ++m) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < Broad; ++v) {
      double* to = sums + m * width + v * hn::Lanes(d);
      hn::Store(hn::Add(hn::Load(d, to), total[m][v]), d, to);
    }
  }
}

// The sums of `kTall` columns with all columns from vector `from` on.
void strip(const double* packed, std::size_t column, std::size_t vectors, std::size_t rows,
           double* sums, std::size_t width) {
  const std::size_t lanes = hn::Lanes(Wide());
  const std::size_t first = column / kPanel * kPanel / lanes;
  const double* a = packed + column / kPanel * kPanel * kRows + column % kPanel;
  auto vector = [&](std::size_t v) HWY_ATTR {
    return packed + v * lanes / kPanel * kPanel * kRows + v * lanes % kPanel;
  };
  // Vectors left of the diagonal's tile are not wanted.
  std::size_t v = column / lanes;
  double* to = sums + (v - first) * lanes;
  for (; v + kBroad <= vectors; v += kBroad, to += kBroad * lanes) {
    const double* b[] = {vector(v), vector(v + 1), vector(v + 2)};
    tile<3>(a, b, rows, to, width);
  }
  if (v + 2 == vectors) {
    const double* b[] = {vector(v), vector(v + 1)};
    tile<2>(a, b, rows, to, width);
  } else if (v + 1 == vectors) {
    const double* b[] = {vector(v)};
    tile<1>(a, b, rows, to, width);
  }
}

void add_block(const double* packed, std::size_t columns, std::size_t rows, double* sums) {
  const std::size_t count = panels(columns);
  const std::size_t vectors = count * kPanel / hn::Lanes(Wide());
  for (std::size_t p = 0; p < count; ++p) {
    const std::size_t width = kPanel * (count - p);
    for (std::size_t m = 0; m < kPanel; m += kTall) {
      if (p * kPanel + m >= columns) break;
      strip(packed, p * kPanel + m, vectors, rows, sums + m * width, width);
    }
    sums += kPanel * width;
  }
}

void pack_rows(const float* const* from, const double* shift, std::size_t first, std::size_t rows,
               double* to) {
  for (std::size_t r = first; r < rows; ++r) {
    for (std::size_t c = 0; c < 4; ++c) {
      to[kPanel * r + c] = static_cast<double>(from[c][r]) - shift[c];
    }
  }
}

#if HWY_TARGET == HWY_SCALAR
void pack_four(const float* const* from, const double* shift, std::size_t rows, double* to) {
  pack_rows(from, shift, 0, rows, to);
}
#else
using Four = hn::FixedTag<float, 4>;

// Turns four rows of four columns: turned[r] is row r of them.
void turn(const float* const* from, std::size_t row, float* turned) {
  const Four four;
  const hn::FixedTag<std::uint64_t, 2> pairs;
  auto a = hn::LoadU(four, from[0] + row);
  auto b = hn::LoadU(four, from[1] + row);
  auto c = hn::LoadU(four, from[2] + row);
  auto d = hn::LoadU(four, from[3] + row);
  auto ab = hn::BitCast(pairs, hn::InterleaveLower(four, a, b));
  auto cd = hn::BitCast(pairs, hn::InterleaveLower(four, c, d));
  auto ab2 = hn::BitCast(pairs, hn::InterleaveUpper(four, a, b));
  auto cd2 = hn::BitCast(pairs, hn::InterleaveUpper(four, c, d));
  hn::Store(hn::BitCast(four, hn::InterleaveLower(pairs, ab, cd)), four, turned);
  hn::Store(hn::BitCast(four, hn::InterleaveUpper(pairs, ab, cd)), four, turned + 4);
  hn::Store(hn::BitCast(four, hn::InterleaveLower(pairs, ab2, cd2)), four, turned + 8);
  hn::Store(hn::BitCast(four, hn::InterleaveUpper(pairs, ab2, cd2)), four, turned + 12);
}

void pack_four(const float* const* from, const double* shift, std::size_t rows, double* to) {
  const hn::CappedTag<double, 4> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN float turned[16];
  std::size_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    turn(from, r, turned);
    for (std::size_t i = 0; i < 16; i += lanes) {
      auto wide = hn::PromoteTo(d, hn::Load(narrow, turned + i));
      auto shifted = hn::Sub(wide, hn::LoadU(d, shift + i % 4));
      hn::Store(shifted, d, to + kPanel * (r + i / 4) + i % 4);
    }
  }
  pack_rows(from, shift, r, rows, to);
}
#endif

const char* name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace leat::cross_products::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cstring>
#include <new>

namespace leat::cross_products {

HWY_EXPORT(add_block);
HWY_EXPORT(pack_four);
HWY_EXPORT(name);

Doubles zeroed(std::size_t count) {
  void* cells = ::operator new(count * sizeof(double), std::align_val_t(64));
  std::memset(cells, 0, count * sizeof(double));
  return Doubles(static_cast<double*>(cells));
}

void Free::operator()(double* cells) const { ::operator delete(cells, std::align_val_t(64)); }

void pack4(const float* const* from, const double* shift, std::size_t rows, double* to) {
  HWY_DYNAMIC_DISPATCH(pack_four)(from, shift, rows, to);
}

void add(const Block& block, std::size_t rows, double* sums) {
  HWY_DYNAMIC_DISPATCH(add_block)(block.data(), block.columns(), rows, sums);
}

const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(name)(); }

}  // namespace leat::cross_products
#endif
