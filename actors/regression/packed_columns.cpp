#include <leat/actors/regression/packed_columns.hpp>

// Highway includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "leat/actors/regression/packed_columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::cross_products::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
void pack_rows(const T* const* from, const Change* changes, std::size_t first, std::size_t rows,
               double* to) {
  for (std::size_t r = first; r < rows; ++r) {
    for (std::size_t c = 0; c < 4; ++c) {
      to[kPanel * r + c] = changes[c](static_cast<double>(from[c][r]));
    }
  }
}

#if HWY_TARGET == HWY_SCALAR
void pack_floats(const float* const* from, const Change* changes, std::size_t rows, double* to) {
  pack_rows(from, changes, 0, rows, to);
}
void pack_doubles(const double* const* from, const Change* changes, std::size_t rows, double* to) {
  pack_rows(from, changes, 0, rows, to);
}
#else
using Four = hn::FixedTag<float, 4>;
using Two = hn::FixedTag<double, 2>;

// Turns four rows of four columns: turned[4 * r] is row r of them.
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

void pack_floats(const float* const* from, const Change* changes, std::size_t rows, double* to) {
  const hn::CappedTag<double, 4> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN double shifts[4];
  HWY_ALIGN double factors[4];
  for (std::size_t c = 0; c < 4; ++c) {
    shifts[c] = changes[c].shift;
    factors[c] = changes[c].factor;
  }
  HWY_ALIGN float turned[16];
  std::size_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    turn(from, r, turned);
    for (std::size_t i = 0; i < 16; i += lanes) {
      auto wide = hn::PromoteTo(d, hn::Load(narrow, turned + i));
      auto shifted = hn::Sub(wide, hn::Load(d, shifts + i % 4));
      hn::Store(hn::Mul(shifted, hn::Load(d, factors + i % 4)), d, to + kPanel * (r + i / 4) + i % 4);
    }
  }
  pack_rows(from, changes, r, rows, to);
}

void pack_doubles(const double* const* from, const Change* changes, std::size_t rows, double* to) {
  const Two two;
  for (std::size_t c = 0; c < 4; c += 2) {
    auto left_shift = hn::Set(two, changes[c].shift), right_shift = hn::Set(two, changes[c + 1].shift);
    auto left_factor = hn::Set(two, changes[c].factor), right_factor = hn::Set(two, changes[c + 1].factor);
    for (std::size_t r = 0; r + 2 <= rows; r += 2) {
      auto left = hn::Mul(hn::Sub(hn::LoadU(two, from[c] + r), left_shift), left_factor);
      auto right = hn::Mul(hn::Sub(hn::LoadU(two, from[c + 1] + r), right_shift), right_factor);
      hn::Store(hn::InterleaveLower(two, left, right), two, to + kPanel * r + c);
      hn::Store(hn::InterleaveUpper(two, left, right), two, to + kPanel * (r + 1) + c);
    }
  }
  pack_rows(from, changes, rows / 2 * 2, rows, to);
}
#endif

template <class T>
Range range(const T* cells, std::size_t rows) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  Range found;
  std::size_t r = 0;
  if (rows >= lanes) {
    auto least = hn::LoadU(d, cells);
    auto greatest = least;
    for (; r + lanes <= rows; r += lanes) {
      auto some = hn::LoadU(d, cells + r);
      least = hn::Min(least, some);
      greatest = hn::Max(greatest, some);
    }
    found.take(static_cast<double>(hn::GetLane(hn::MinOfLanes(d, least))));
    found.take(static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, greatest))));
  }
  for (; r < rows; ++r) found.take(static_cast<double>(cells[r]));
  return found;
}

Range range_floats(const float* cells, std::size_t rows) { return range(cells, rows); }
Range range_doubles(const double* cells, std::size_t rows) { return range(cells, rows); }

}  // namespace leat::cross_products::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cstring>
#include <new>

namespace leat::cross_products {

HWY_EXPORT(pack_floats);
HWY_EXPORT(pack_doubles);
HWY_EXPORT(range_floats);
HWY_EXPORT(range_doubles);

Doubles zeroed(std::size_t count) {
  void* cells = ::operator new(count * sizeof(double), std::align_val_t(64));
  std::memset(cells, 0, count * sizeof(double));
  return Doubles(static_cast<double*>(cells));
}

void Free::operator()(double* cells) const { ::operator delete(cells, std::align_val_t(64)); }

void pack4(const float* const* from, const Change* changes, std::size_t rows, double* to) {
  HWY_DYNAMIC_DISPATCH(pack_floats)(from, changes, rows, to);
}

void pack4(const double* const* from, const Change* changes, std::size_t rows, double* to) {
  HWY_DYNAMIC_DISPATCH(pack_doubles)(from, changes, rows, to);
}

Range range_of(const float* cells, std::size_t rows) { return HWY_DYNAMIC_DISPATCH(range_floats)(cells, rows); }
Range range_of(const double* cells, std::size_t rows) { return HWY_DYNAMIC_DISPATCH(range_doubles)(cells, rows); }

}  // namespace leat::cross_products
#endif
