#include <leat/actors/least_squares.hpp>

#include <Eigen/Cholesky>

#include <cmath>
#include <limits>
#include <optional>

namespace leat {
namespace {

using Index = Eigen::Index;
constexpr double kOwnVariance = 1e-12;

const char* const kRemedy = ": remove one of them, or set l2 above 0 (such as 1e-6)";

std::string joined(const std::vector<std::string>& names) {
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

class Solver {
 public:
  Solver(const NormalEquations& sums, double l2)
      : sums_(sums), l2_(l2), features_(static_cast<Index>(sums.columns.size()) - 1) {}

  Result<LeastSquares> solve() {
    if (auto enough = enough_rows(); !enough) return enough.error();
    if (auto error = constants()) return *error;
    fill();
    Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(matrix_);
    if (factor.info() != Eigen::Success || least_own_variance() < tolerance()) return dependent();
    Eigen::VectorXd right(features_);
    for (Index i = 0; i < features_; ++i) right[i] = centred(i, features_) / scale_[i];
    factor.solveInPlace(right);
    LeastSquares made;
    made.coefficients = right.cwiseQuotient(scale_);
    made.intercept = mean(features_);
    for (Index i = 0; i < features_; ++i) made.intercept -= made.coefficients[i] * mean(i);
    return made;
  }

 private:
  double centred(Index i, Index j) const {
    return sums_.centred(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
  }
  double mean(Index i) const { return sums_.mean(static_cast<std::size_t>(i)); }
  const std::string& name(Index i) const { return sums_.columns[static_cast<std::size_t>(i)]; }

  // A ridge alone makes the answer single; then only what rounding would swamp is refused.
  double tolerance() const {
    double rounding = static_cast<double>(features_) * std::numeric_limits<double>::epsilon();
    return l2_ > 0 ? rounding : kOwnVariance;
  }

  Result<void> enough_rows() const {
    auto needed = l2_ > 0 ? 2 : static_cast<std::uint64_t>(features_) + 1;
    if (sums_.rows >= needed) return {};
    return invalid("linear_regression needs at least " + std::to_string(needed) + " rows for " +
                   std::to_string(features_) + (features_ == 1 ? " feature" : " features") +
                   " and an intercept, and got " + std::to_string(sums_.rows) +
                   " without nulls: give it more rows" + (l2_ > 0 ? "" : ", or set l2 above 0"));
  }

  // Deviation 0 but for the rounding of the mean.
  bool constant(Index i) const {
    double rounding = 2 * std::numeric_limits<double>::epsilon() * std::abs(mean(i));
    return centred(i, i) <= static_cast<double>(sums_.rows) * rounding * rounding;
  }

  std::optional<Error> constants() const {
    if (l2_ > 0) return std::nullopt;
    std::vector<std::string> names;
    for (Index i = 0; i < features_; ++i) {
      if (constant(i)) names.push_back(name(i));
    }
    if (names.empty()) return std::nullopt;
    bool one = names.size() == 1;
    return invalid(std::string(one ? "column " : "columns ") + joined(names) +
                   (one ? " is constant, so its coefficient" : " are constant, so their coefficients") +
                   " cannot be told from the intercept: remove " + (one ? "it" : "them") +
                   " from the features, or set l2 above 0 (such as 1e-6)");
  }

  void fill() {
    scale_.resize(features_);
    for (Index i = 0; i < features_; ++i) {
      double square = centred(i, i) + l2_;
      scale_[i] = square > 0 ? std::sqrt(square) : 1;
    }
    matrix_.resize(features_, features_);
    for (Index j = 0; j < features_; ++j) {
      for (Index i = 0; i < j; ++i) {
        matrix_(i, j) = matrix_(j, i) = centred(i, j) / (scale_[i] * scale_[j]);
      }
      matrix_(j, j) = (centred(j, j) + l2_) / (scale_[j] * scale_[j]);
    }
  }

  double least_own_variance() const {
    double least = matrix_.diagonal().minCoeff();
    return least > 0 ? least * least : 0;
  }

  // Factors row by row until a feature has nothing of its own left, and says what it is made of.
  Error dependent() {
    fill();
    for (Index k = 0; k < features_; ++k) {
      auto above = matrix_.topLeftCorner(k, k).triangularView<Eigen::Lower>();
      Eigen::VectorXd row = matrix_.row(k).head(k).transpose();
      if (k > 0) above.solveInPlace(row);
      double own = matrix_(k, k) - row.squaredNorm();
      if (!(own >= tolerance())) {
        if (k > 0) above.transpose().solveInPlace(row);
        return relation(k, row);
      }
      matrix_.row(k).head(k) = row.transpose();
      matrix_(k, k) = std::sqrt(own);
    }
    return invalid("the features of linear_regression are linearly dependent: remove one of them, or "
                   "set l2 above 0 (such as 1e-6)");
  }

  Error relation(Index k, const Eigen::VectorXd& weights) const {
    std::vector<std::string> names;
    for (Index i = 0; i < k; ++i) {
      if (std::abs(weights[i]) > 1e-5) names.push_back(name(i));
    }
    if (names.empty()) names.push_back(name(0));
    std::vector<std::string> all = names;
    all.push_back(name(k));
    std::string sentence = "columns " + joined(all) + " are linearly dependent";
    if (names.size() > 1) sentence += " (" + name(k) + " is a combination of the others)";
    if (l2_ > 0) return invalid(sentence + ": remove one of them, or set l2 higher");
    return invalid(sentence + kRemedy);
  }

  const NormalEquations& sums_;
  double l2_;
  Index features_;
  Eigen::VectorXd scale_;
  Eigen::MatrixXd matrix_;
};

}  // namespace

Result<LeastSquares> solve_least_squares(const NormalEquations& sums, double l2) {
  return Solver(sums, l2).solve();
}

}  // namespace leat
