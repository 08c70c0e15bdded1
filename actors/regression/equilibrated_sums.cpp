#include <leat/actors/regression/equilibrated_sums.hpp>

#include <cmath>

namespace leat {
namespace {

// The power of four that brings number * 4^unit to [1, 4), as the power of two of its root.
int root_power(double number, int unit) {
  int exponent = 0;
  std::frexp(number, &exponent);
  int whole = exponent - 1 + 2 * unit;
  return (whole - (whole & 1)) / 2;
}

}  // namespace

EquilibratedSums::EquilibratedSums(const CrossMoments& sums, double l2)
    : factor(sums.columns().size(), sums.columns().size() - 1) {
  std::size_t columns = sums.columns().size();
  double least = 8 * kSumRounding + static_cast<double>(columns) * 0x1p-102;
  for (std::size_t i = 0; i < columns; ++i) {
    double square = sums.product(i, i).high;
    double penalty = i + 1 < columns ? l2 : 0;
    int by_square = square > 0 ? root_power(square, sums.unit(i)) : -2000;
    int by_penalty = penalty > 0 ? root_power(penalty, 0) : -2000;
    power.push_back(square > 0 || penalty > 0 ? std::max(by_square, by_penalty) : 0);
    ridge.push_back(std::ldexp(penalty, -2 * power[i]));
    raw.push_back(std::ldexp(sums.raw_square(i), 2 * (sums.unit(i) - power[i])));
  }
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = i; j < columns; ++j) {
      int all = sums.unit(i) - power[i] + sums.unit(j) - power[j];
      DoubleDouble entry = scaled(sums.product(i, j), all);
      factor.set(i, j, i == j ? entry + ridge[i] : entry);
    }
    own.push_back(factor.get(i, i).high);
    tolerance.push_back(own[i] > 0 ? least * std::max(1.0, raw[i] / own[i]) : 0);
  }
}

}  // namespace leat
