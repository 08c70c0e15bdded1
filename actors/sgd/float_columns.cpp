#include <leat/actors/sgd/float_columns.hpp>

// Highway includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "leat/actors/sgd/float_columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::float_columns::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void weigh_one(const float* cells, float shift, float weight, std::size_t rows, float* sums) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  auto by = hn::Set(d, weight), off = hn::Set(d, shift);
  std::size_t r = 0;
  for (; r + lanes <= rows; r += lanes) {
    auto part = hn::Sub(hn::LoadU(d, cells + r), off);
    hn::StoreU(hn::MulAdd(part, by, hn::LoadU(d, sums + r)), d, sums + r);
  }
  for (; r < rows; ++r) sums[r] += (cells[r] - shift) * weight;
}

// Four columns at once: a row's sum is loaded and stored once for all of them.
void weigh_four(const float* const* cells, std::size_t first, const float* shifts, const float* weights,
                std::size_t rows, float* sums) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const float *a = cells[0] + first, *b = cells[1] + first, *c = cells[2] + first, *e = cells[3] + first;
  auto by_a = hn::Set(d, weights[0]), by_b = hn::Set(d, weights[1]), by_c = hn::Set(d, weights[2]),
       by_e = hn::Set(d, weights[3]);
  auto off_a = hn::Set(d, shifts[0]), off_b = hn::Set(d, shifts[1]), off_c = hn::Set(d, shifts[2]),
       off_e = hn::Set(d, shifts[3]);
  std::size_t r = 0;
  for (; r + lanes <= rows; r += lanes) {
    auto sum = hn::LoadU(d, sums + r);
    sum = hn::MulAdd(hn::Sub(hn::LoadU(d, a + r), off_a), by_a, sum);
    sum = hn::MulAdd(hn::Sub(hn::LoadU(d, b + r), off_b), by_b, sum);
    sum = hn::MulAdd(hn::Sub(hn::LoadU(d, c + r), off_c), by_c, sum);
    sum = hn::MulAdd(hn::Sub(hn::LoadU(d, e + r), off_e), by_e, sum);
    hn::StoreU(sum, d, sums + r);
  }
  for (; r < rows; ++r) {
    sums[r] += (a[r] - shifts[0]) * weights[0] + (b[r] - shifts[1]) * weights[1] + (c[r] - shifts[2]) * weights[2] +
               (e[r] - shifts[3]) * weights[3];
  }
}

void weigh(const FloatColumns& columns, const float* weights, float constant, std::size_t first, std::size_t rows,
           float* sums) {
  for (std::size_t r = 0; r < rows; ++r) sums[r] = constant;
  std::size_t c = 0, count = columns.cells.size();
  for (; c + 4 <= count; c += 4) weigh_four(&columns.cells[c], first, &columns.shifts[c], weights + c, rows, sums);
  for (; c < count; ++c) weigh_one(columns.cells[c] + first, columns.shifts[c], weights[c], rows, sums);
}

double multiply_one(const float* cells, float shift, const float* factors, std::size_t rows) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  auto off = hn::Set(d, shift);
  auto sum = hn::Zero(d);
  std::size_t r = 0;
  for (; r + lanes <= rows; r += lanes)
    sum = hn::MulAdd(hn::Sub(hn::LoadU(d, cells + r), off), hn::LoadU(d, factors + r), sum);
  float all = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; r < rows; ++r) all += (cells[r] - shift) * factors[r];
  return static_cast<double>(all);
}

void multiply_four(const float* const* cells, std::size_t first, const float* shifts, const float* factors,
                   std::size_t rows, double* products) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const float *a = cells[0] + first, *b = cells[1] + first, *c = cells[2] + first, *e = cells[3] + first;
  auto off_a = hn::Set(d, shifts[0]), off_b = hn::Set(d, shifts[1]), off_c = hn::Set(d, shifts[2]),
       off_e = hn::Set(d, shifts[3]);
  auto sum_a = hn::Zero(d), sum_b = hn::Zero(d), sum_c = hn::Zero(d), sum_e = hn::Zero(d);
  std::size_t r = 0;
  for (; r + lanes <= rows; r += lanes) {
    auto factor = hn::LoadU(d, factors + r);
    sum_a = hn::MulAdd(hn::Sub(hn::LoadU(d, a + r), off_a), factor, sum_a);
    sum_b = hn::MulAdd(hn::Sub(hn::LoadU(d, b + r), off_b), factor, sum_b);
    sum_c = hn::MulAdd(hn::Sub(hn::LoadU(d, c + r), off_c), factor, sum_c);
    sum_e = hn::MulAdd(hn::Sub(hn::LoadU(d, e + r), off_e), factor, sum_e);
  }
  float all[4] = {hn::GetLane(hn::SumOfLanes(d, sum_a)), hn::GetLane(hn::SumOfLanes(d, sum_b)),
                  hn::GetLane(hn::SumOfLanes(d, sum_c)), hn::GetLane(hn::SumOfLanes(d, sum_e))};
  const float* columns[4] = {a, b, c, e};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t row = r; row < rows; ++row) all[i] += (columns[i][row] - shifts[i]) * factors[row];
    products[i] += static_cast<double>(all[i]);
  }
}

void multiply(const FloatColumns& columns, const float* factors, std::size_t first, std::size_t rows,
              double* products) {
  std::size_t c = 0, count = columns.cells.size();
  for (; c + 4 <= count; c += 4)
    multiply_four(&columns.cells[c], first, &columns.shifts[c], factors, rows, products + c);
  for (; c < count; ++c) products[c] += multiply_one(columns.cells[c] + first, columns.shifts[c], factors, rows);
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
               float* sums) {
  HWY_DYNAMIC_DISPATCH(weigh)(columns, weights, constant, first, rows, sums);
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
                   std::size_t rows, float* sums) {
  float_columns::weigh_any(columns, weights, constant, first, rows, sums);
}

void add_products(const FloatColumns& columns, const float* factors, std::size_t first, std::size_t rows,
                  double* products) {
  float_columns::multiply_any(columns, factors, first, rows, products);
}

void fetch_rows(const FloatColumns& columns, std::size_t first, std::size_t rows) {
  constexpr std::size_t kLine = 64 / sizeof(float);
  for (const float* cells : columns.cells) {
    for (std::size_t row = 0; row < rows; row += kLine) __builtin_prefetch(cells + first + row);
  }
}

void centred(const double* cells, std::size_t rows, double shift, float* to) {
  float_columns::centre_any(cells, rows, shift, to);
}

void centred(const Eigen::half* cells, std::size_t rows, double shift, float* to) {
  float_columns::centre_any(reinterpret_cast<const std::uint16_t*>(cells), rows, static_cast<float>(shift), to);
}

}  // namespace leat
#endif
