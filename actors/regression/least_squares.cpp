#include <leat/actors/regression/least_squares.hpp>

#include <leat/actors/regression/collinearity.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace leat {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const char* const kRemedy = ": remove one of them, or set l2 above 0 (such as 1e-6)";

std::string named(const CrossMoments& sums, const std::vector<std::size_t>& positions) {
  std::vector<std::string> names;
  for (std::size_t i : positions) names.push_back(sums.columns()[i]);
  return (names.size() == 1 ? "column " : "columns ") + listed_names(names);
}

class Solver {
 public:
  Solver(const CrossMoments& sums, double l2)
      : sums_(sums), l2_(l2), features_(sums.columns().size() - 1), equal_(sums, l2) {}

  Result<LeastSquares> solve() {
    if (equal_.factor.run(equal_.tolerance) < features_) return dependent(dependent_columns(equal_.factor));
    substitute();
    if (auto held = coefficients(); !held) return held.error();
    residuals();
    Collinearity found(equal_);
    made_.condition = found.condition;
    for (std::size_t i : found.blamed) made_.collinear.push_back(sums_.columns()[i]);
    double by_sums = digits_of_sums(found);
    if (l2_ == 0 && (by_sums < 1 || within_rounding(found))) return dependent(entering(found));
    made_.digits = static_cast<int>(std::clamp(std::min(by_sums, digits_of_cells(found)), 0.0, 15.0));
    errors(found);
    return std::move(made_);
  }

 private:
  std::size_t target() const { return features_; }
  double rows() const { return static_cast<double>(sums_.rows()); }

  // R coefficients = what is left of the target above its Schur complement.
  void substitute() {
    const PivotedCholesky& factor = equal_.factor;
    std::vector<DoubleDouble> by_position(features_);
    solution_.resize(features_);
    for (std::size_t i = features_; i-- > 0;) {
      DoubleDouble left = factor.get(i, target());
      for (std::size_t j = i + 1; j < features_; ++j) left -= factor.get(i, j) * by_position[j];
      by_position[i] = left / factor.get(i, i);
      solution_[factor.order()[i]] = by_position[i];
    }
  }

  Result<void> coefficients() {
    double largest = 0;
    for (DoubleDouble entry : solution_) largest = std::max(largest, std::abs(entry.high));
    DoubleDouble constant = mean(target());
    for (std::size_t i = 0; i < features_; ++i) {
      double coefficient = scaled(solution_[i], equal_.power[target()] - equal_.power[i]).high;
      bool lost = std::abs(coefficient) < std::numeric_limits<double>::min() &&
                  std::abs(solution_[i].high) > 1e-14 * largest;
      if (!std::isfinite(coefficient) || lost) {
        return invalid("the coefficient of column " + sums_.columns()[i] + " is too " + (lost ? "small" : "large") +
                       " for f64: give the column, or " + sums_.columns().back() + ", in another unit");
      }
      made_.coefficients.push_back(coefficient);
      constant -= solution_[i] * mean(i);
    }
    if (sums_.centred()) made_.intercept = scaled(constant, equal_.power[target()]).high;
    if (std::isfinite(made_.intercept)) return {};
    return invalid("the intercept is too large for f64: give " + sums_.columns().back() + " in another unit");
  }

  // In the equilibrated unit.
  DoubleDouble mean(std::size_t i) const {
    return scaled(sums_.mean(i), sums_.unit(i) - equal_.power[i]);
  }

  void residuals() {
    DoubleDouble left = equal_.factor.get(target(), target());
    double reach = std::sqrt(equal_.raw[target()]);
    for (std::size_t i = 0; i < features_; ++i) {
      left -= solution_[i] * solution_[i] * equal_.ridge[i];
      reach += std::abs(solution_[i].high) * std::sqrt(equal_.raw[i]);
    }
    // What the rounding of the sums can make up is nothing.
    residual_ = left.high > kSumRounding * reach * reach ? left.high : 0;
    double coefficients = static_cast<double>(features_ + (sums_.centred() ? 1 : 0));
    double own = equal_.own[target()];
    made_.degrees = rows() - coefficients;
    made_.residual_squares = std::ldexp(residual_, 2 * equal_.power[target()]);
    made_.r2 = own > 0 ? 1 - residual_ / own : kNaN;
    double free = rows() - (sums_.centred() ? 1 : 0);
    made_.adjusted_r2 = made_.degrees > 0 ? 1 - (1 - made_.r2) * free / made_.degrees : kNaN;
  }

  void errors(const Collinearity& found) {
    for (std::size_t i = 0; i < features_; ++i) made_.inflation.push_back(found.inverse[i] * equal_.own[i]);
    made_.intercept_error = kNaN;
    if (l2_ > 0 || !(made_.degrees > 0)) return;
    double variance = residual_ / made_.degrees;
    for (std::size_t i = 0; i < features_; ++i) {
      double error = std::sqrt(variance * found.inverse[i]);
      made_.standard_errors.push_back(std::ldexp(error, equal_.power[target()] - equal_.power[i]));
    }
    if (!sums_.centred()) return;
    const PivotedCholesky& inverse = equal_.factor;
    double square = 1 / rows();
    for (std::size_t j = 0; j < features_; ++j) {
      DoubleDouble along;
      for (std::size_t i = 0; i <= j; ++i) along += inverse.get(i, j) * mean(inverse.order()[i]);
      square += along.high * along.high;
    }
    made_.intercept_error = std::ldexp(std::sqrt(variance * square), equal_.power[target()]);
  }

  double digits_of_sums(const Collinearity& found) const {
    double most = 1;
    for (std::size_t i = 0; i < features_; ++i) {
      if (equal_.own[i] > 0) most = std::max(most, equal_.raw[i] / equal_.own[i]);
    }
    return -std::log10(kSumRounding * most / (found.least * found.least));
  }

  // The deviation that the rounding of a column's cells adds to each of them.
  double rounding(std::size_t i) const {
    double about_zero = sums_.product(i, i).high / rows();
    double centre = sums_.centred() ? sums_.mean(i).high : 0;
    double root = std::ldexp(std::sqrt(about_zero + centre * centre), sums_.unit(i) - equal_.power[i]);
    return sums_.rounding(i) * root / std::sqrt(3.0);
  }

  // The cells' rounding taken for noise of the target, and that noise for the coefficients' deviation.
  double digits_of_cells(const Collinearity& found) const {
    double noise = rounding(target()) * rounding(target());
    double error = 0;
    double largest = 0;
    for (std::size_t i = 0; i < features_; ++i) {
      double share = solution_[i].high * rounding(i);
      noise += share * share;
      error = std::max(error, std::sqrt(found.inverse[i] * equal_.own[i]));
      largest = std::max(largest, std::abs(solution_[i].high) * std::sqrt(equal_.own[i]));
    }
    return largest > 0 && noise > 0 ? -std::log10(std::sqrt(noise) * error / largest) : 15;
  }

  // Whether columns of f32 or f16 differ from a combination of others by their rounding only.
  bool within_rounding(const Collinearity& found) const {
    double noise = 0;
    for (std::size_t i = 0; i < features_; ++i) {
      if (sums_.rounding(i) <= 0x1p-53) continue;
      double share = found.direction[i] * rounding(i) / std::sqrt(equal_.own[i]);
      noise += share * share * rows();
    }
    return found.least * found.least <= 16 * noise;
  }

  std::vector<std::size_t> entering(const Collinearity& found) const {
    std::vector<std::size_t> positions;
    double most = 0;
    for (double entry : found.direction) most = std::max(most, std::abs(entry));
    for (std::size_t i = 0; i < features_; ++i) {
      if (std::abs(found.direction[i]) > 1e-3 * most) positions.push_back(i);
    }
    return positions;
  }

  Error dependent(const std::vector<std::size_t>& positions) const {
    std::string sentence = named(sums_, positions);
    if (positions.size() == 1) {
      sentence += " varies less than the rounding of its sums";
    } else {
      sentence += " are linearly dependent";
    }
    if (positions.size() > 2) sentence += " (each is a combination of the others)";
    if (l2_ > 0) return invalid(sentence + ": remove one of them, or set l2 higher");
    return invalid(sentence + kRemedy);
  }

  const CrossMoments& sums_;
  double l2_;
  std::size_t features_;
  EquilibratedSums equal_;
  std::vector<DoubleDouble> solution_;
  double residual_ = 0;
  LeastSquares made_;
};

}  // namespace

Result<void> solvable(const CrossMoments& sums, double l2) {
  std::size_t features = sums.columns().size() - 1;
  std::uint64_t constant = sums.centred() ? 1 : 0;
  std::uint64_t needed = l2 > 0 ? 1 + constant : features + constant;
  if (sums.rows() < needed) {
    return invalid("linear_regression needs at least " + std::to_string(needed) + " rows for " +
                   std::to_string(features) + (features == 1 ? " feature" : " features") +
                   (constant ? " and an intercept" : "") + ", and got " + std::to_string(sums.rows()) +
                   " without nulls: give it more rows" + (l2 > 0 ? "" : ", or set l2 above 0"));
  }
  std::vector<std::size_t> constants = l2 > 0 ? std::vector<std::size_t>() : constant_columns(sums);
  if (constants.empty()) return {};
  bool one = constants.size() == 1;
  std::string them = one ? "it" : "them";
  std::string remedy = ": remove " + them + " from the features, or set l2 above 0 (such as 1e-6)";
  std::string columns = named(sums, constants);
  if (!sums.centred()) return invalid(columns + (one ? " is" : " are") + " 0 in every row" + remedy);
  return invalid(columns + (one ? " is constant, so its coefficient" : " are constant, so their coefficients") +
                 " cannot be told from the intercept" + remedy);
}

Result<LeastSquares> solve_least_squares(const CrossMoments& sums, double l2) {
  if (auto can = solvable(sums, l2); !can) return can.error();
  return Solver(sums, l2).solve();
}

}  // namespace leat
