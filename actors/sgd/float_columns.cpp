#include <leat/actors/sgd/float_columns.hpp>

// Highway includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "leat/actors/sgd/float_columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::float_columns::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kLine = 64 / sizeof(float);

// Sums of some rows stay in registers while all columns are gone through. Each column's next rows are asked for on the
// way, so that they come from memory while these are worked on.
template <std::size_t kVectors, class D>
void weigh_rows(D d, const FloatColumns& columns, const float* weights, float constant, std::size_t first,
                std::size_t next, float* sums) {
  const std::size_t lanes = hn::Lanes(d);
  auto a = hn::Set(d, constant), b = a, c = a, e = a;
  for (std::size_t i = 0; i < columns.cells.size(); ++i) {
    const float* cells = columns.cells[i] + first;
    const float* ahead = columns.cells[i] + next;
    auto by = hn::Set(d, weights[i]), off = hn::Set(d, columns.shifts[i]);
    for (std::size_t row = 0; row < kVectors * lanes; row += kLine) __builtin_prefetch(ahead + row);
    a = hn::MulAdd(hn::Sub(hn::LoadU(d, cells), off), by, a);
    if constexpr (kVectors == 4) {
      b = hn::MulAdd(hn::Sub(hn::LoadU(d, cells + lanes), off), by, b);
      c = hn::MulAdd(hn::Sub(hn::LoadU(d, cells + 2 * lanes), off), by, c);
      e = hn::MulAdd(hn::Sub(hn::LoadU(d, cells + 3 * lanes), off), by, e);
    }
  }
  hn::StoreU(a, d, sums);
  if constexpr (kVectors == 4) {
    hn::StoreU(b, d, sums + lanes);
    hn::StoreU(c, d, sums + 2 * lanes);
    hn::StoreU(e, d, sums + 3 * lanes);
  }
}

void weigh(const FloatColumns& columns, const float* weights, float constant, std::size_t first, std::size_t rows,
           std::size_t next, float* sums) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 4> few;
  const std::size_t lanes = hn::Lanes(d), fewer = hn::Lanes(few);
  std::size_t r = 0;
  for (; r + 4 * lanes <= rows; r += 4 * lanes) {
    weigh_rows<4>(d, columns, weights, constant, first + r, next + r, sums + r);
  }
  for (; r + lanes <= rows; r += lanes) weigh_rows<1>(d, columns, weights, constant, first + r, next + r, sums + r);
  for (; r + fewer <= rows; r += fewer) weigh_rows<1>(few, columns, weights, constant, first + r, next + r, sums + r);
  for (; r < rows; ++r) {
    sums[r] = constant;
    for (std::size_t i = 0; i < columns.cells.size(); ++i) {
      sums[r] += (columns.cells[i][first + r] - columns.shifts[i]) * weights[i];
    }
  }
}

void multiply(const FloatColumns& columns, const float* factors, std::size_t first, std::size_t rows,
              double* products) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < columns.cells.size(); ++i) {
    const float* cells = columns.cells[i] + first;
    float shift = columns.shifts[i];
    auto off = hn::Set(d, shift);
    auto a = hn::Zero(d), b = a;
    std::size_t r = 0;
    for (; r + 2 * lanes <= rows; r += 2 * lanes) {
      a = hn::MulAdd(hn::Sub(hn::LoadU(d, cells + r), off), hn::LoadU(d, factors + r), a);
      b = hn::MulAdd(hn::Sub(hn::LoadU(d, cells + r + lanes), off), hn::LoadU(d, factors + r + lanes), b);
    }
    for (; r + lanes <= rows; r += lanes)
      a = hn::MulAdd(hn::Sub(hn::LoadU(d, cells + r), off), hn::LoadU(d, factors + r), a);
    float all = hn::GetLane(hn::SumOfLanes(d, hn::Add(a, b)));
    for (; r < rows; ++r) all += (cells[r] - shift) * factors[r];
    products[i] += static_cast<double>(all);
  }
}

void centre_doubles(const double* cells, std::size_t rows, double shift, float* to) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const std::size_t lanes = hn::Lanes(d);
  auto off = hn::Set(d, shift);
  std::size_t r = 0;
  for (; r + lanes <= rows; r += lanes)
    hn::StoreU(hn::DemoteTo(narrow, hn::Sub(hn::LoadU(d, cells + r), off)), narrow, to + r);
  for (; r < rows; ++r) to[r] = static_cast<float>(cells[r] - shift);
}

// Halfs as floats are exact, and their differences are rounded once.
void centre_halfs(const std::uint16_t* cells, std::size_t rows, float shift, float* to) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> halfs;
  const hn::Rebind<std::uint16_t, decltype(d)> bits;
  const std::size_t lanes = hn::Lanes(d);
  auto off = hn::Set(d, shift);
  std::size_t r = 0;
  for (; r + lanes <= rows; r += lanes) {
    auto half = hn::BitCast(halfs, hn::LoadU(bits, cells + r));
    hn::StoreU(hn::Sub(hn::PromoteTo(d, half), off), d, to + r);
  }
  for (; r < rows; ++r) to[r] = static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(cells[r])) - shift;
}

}  // namespace leat::float_columns::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leat::float_columns {

HWY_EXPORT(weigh);
HWY_EXPORT(multiply);
HWY_EXPORT(centre_doubles);
HWY_EXPORT(centre_halfs);

void weigh_any(const FloatColumns& columns, const float* weights, float constant, std::size_t first, std::size_t rows,
               std::size_t next, float* sums) {
  HWY_DYNAMIC_DISPATCH(weigh)(columns, weights, constant, first, rows, next, sums);
}
void multiply_any(const FloatColumns& columns, const float* factors, std::size_t first, std::size_t rows,
                  double* products) {
  HWY_DYNAMIC_DISPATCH(multiply)(columns, factors, first, rows, products);
}
void centre_any(const double* cells, std::size_t rows, double shift, float* to) {
  HWY_DYNAMIC_DISPATCH(centre_doubles)(cells, rows, shift, to);
}
void centre_any(const std::uint16_t* cells, std::size_t rows, float shift, float* to) {
  HWY_DYNAMIC_DISPATCH(centre_halfs)(cells, rows, shift, to);
}

}  // namespace leat::float_columns

namespace leat {

void weighted_sums(const FloatColumns& columns, const float* weights, float constant, std::size_t first,
                   std::size_t rows, std::size_t next, float* sums) {
  float_columns::weigh_any(columns, weights, constant, first, rows, next, sums);
}

void add_products(const FloatColumns& columns, const float* factors, std::size_t first, std::size_t rows,
                  double* products) {
  float_columns::multiply_any(columns, factors, first, rows, products);
}

void centred(const double* cells, std::size_t rows, double shift, float* to) {
  float_columns::centre_any(cells, rows, shift, to);
}

void centred(const Eigen::half* cells, std::size_t rows, double shift, float* to) {
  float_columns::centre_any(reinterpret_cast<const std::uint16_t*>(cells), rows, static_cast<float>(shift), to);
}

}  // namespace leat
#endif
