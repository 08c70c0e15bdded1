#include <leat/actors/regression/collinearity.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace leat {
namespace {

using Vector = std::vector<double>;
constexpr double kFewUnits = 4;
constexpr double kHighCondition = 30;

double length(const Vector& x) { return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)); }

Vector times(const PivotedCholesky& factor, const Vector& x) {
  Vector product(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i; j < x.size(); ++j) product[i] += factor.get(i, j).high * x[j];
  }
  return product;
}

Vector transposed_times(const PivotedCholesky& factor, const Vector& x) {
  Vector product(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i; j < x.size(); ++j) product[j] += factor.get(i, j).high * x[i];
  }
  return product;
}

// The largest eigenvalue; x becomes its vector.
template <class F>
double power_iteration(F apply, Vector& x) {
  double value = 0;
  for (int i = 0; i < 300; ++i) {
    Vector next = apply(x);
    double now = length(next) / length(x);
    double most = 1 / length(next);
    for (double& entry : next) entry *= most;
    x = std::move(next);
    if (std::abs(now - value) <= 1e-7 * now) return now;
    value = now;
  }
  return value;
}

Vector each_divided(Vector x, const Vector& by) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] /= by[i];
  return x;
}

// R' R with columns of length 1, by position.
double greatest_square(const PivotedCholesky& factor, const Vector& lengths) {
  Vector x(lengths.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1 + static_cast<double>(i * 7 % 11) / 16;
  return power_iteration(
      [&](const Vector& v) {
        return each_divided(transposed_times(factor, times(factor, each_divided(v, lengths))), lengths);
      },
      x);
}

Vector each_times(Vector x, const Vector& by) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] *= by[i];
  return x;
}

// The largest eigenvalue of the inverse of R' R with columns of length 1, and its vector, by position.
std::pair<double, Vector> greatest_of_inverse(const PivotedCholesky& inverse, const Vector& lengths,
                                              const Vector& shares) {
  Vector x(lengths.size());
  // The column with the largest share is not orthogonal to it.
  x[static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin())] = 1;
  double value = power_iteration(
      [&](const Vector& v) {
        return each_times(times(inverse, transposed_times(inverse, each_times(v, lengths))), lengths);
      },
      x);
  return {value, x};
}

}  // namespace

std::vector<std::size_t> constant_columns(const CrossMoments& sums) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i + 1 < sums.columns().size(); ++i) {
    double square = sums.product(i, i).high;
    double rounding = kFewUnits * sums.rounding(i) * sums.mean(i).high;
    bool constant = square <= static_cast<double>(sums.rows()) * rounding * rounding ||
                    square <= 8 * kSumRounding * sums.raw_square(i);
    if (sums.centred() ? constant : square == 0) found.push_back(i);
  }
  return found;
}

std::vector<std::size_t> dependent_columns(const PivotedCholesky& factor) {
  const auto& order = factor.order();
  std::size_t rank = factor.rank();
  // Of what is left over the first in the columns' order; the target stands last and is none.
  auto first = order.begin() + static_cast<std::ptrdiff_t>(rank);
  std::size_t at = static_cast<std::size_t>(std::min_element(first, order.end() - 1) - order.begin());
  Vector weights(rank);
  double size = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    weights[i] = factor.get(i, at).high;
    size += weights[i] * weights[i];
  }
  std::vector<std::size_t> found = {order[at]};
  for (std::size_t i = rank; i-- > 0;) {
    for (std::size_t j = i + 1; j < rank; ++j) weights[i] -= factor.get(i, j).high * weights[j];
    weights[i] /= factor.get(i, i).high;
    // All columns are about as long.
    if (std::abs(weights[i]) > 1e-5 * std::sqrt(size)) found.push_back(order[i]);
  }
  std::sort(found.begin(), found.end());
  return found;
}

Collinearity::Collinearity(EquilibratedSums& equal) : inverse(equal.factor.rank()), direction(inverse.size()) {
  PivotedCholesky& factor = equal.factor;
  const auto& order = factor.order();
  std::size_t count = factor.rank();
  Vector lengths(count), shares(count);
  for (std::size_t i = 0; i < count; ++i) lengths[i] = std::sqrt(equal.own[order[i]]);
  double greatest = greatest_square(factor, lengths);
  factor.invert();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i; j < count; ++j) inverse[order[i]] += factor.get(i, j).high * factor.get(i, j).high;
    shares[i] = inverse[order[i]] * lengths[i] * lengths[i];
  }
  auto [most, x] = greatest_of_inverse(factor, lengths, shares);
  least = 1 / std::sqrt(most);
  condition = std::max(1.0, std::sqrt(greatest * most));
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    direction[order[i]] = x[i];
    largest = std::max(largest, std::abs(x[i]));
  }
  for (std::size_t i = 0; i < count && condition > kHighCondition; ++i) {
    bool half = x[i] * x[i] * most > 0.5 * shares[i];
    if (half && std::abs(x[i]) > 1e-5 * largest) blamed.push_back(order[i]);
  }
  std::sort(blamed.begin(), blamed.end());
}

std::string listed_names(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 8;
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kMost && names.size() > kMost + 1) {
      return out + " and " + std::to_string(names.size() - kMost) + " more";
    }
    if (i) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

}  // namespace leat
