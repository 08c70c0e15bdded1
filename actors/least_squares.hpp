/// Least squares from centred sums of products, with a ridge, and with the columns named when there is
/// no single answer. The arithmetic behind linear_regression; it knows no chunks.
///
///   leat::NormalEquations sums;            // filled by CrossMoments
///   auto solved = leat::solve_least_squares(sums, 1e-6);
///   if (solved) use(solved->coefficients, solved->intercept);
///
/// Contract. Minimises the sum of squared errors + l2 * sum of squared coefficients, on centred
/// features; the intercept is not penalised. Features are brought to one scale first, so their units
/// do not matter to the accuracy; then Cholesky (A.-L. Cholesky, 1910; Eigen's blocked LLT). A feature
/// of which less than 1e-12 of its variance is its own counts as dependent: the error names it and the
/// columns it is made of. Memory: one square matrix of doubles in the features. Threads: no state.
#pragma once

#include <leat/chunk/result.hpp>

#include <Eigen/Core>

#include <functional>
#include <string>
#include <vector>

namespace leat {

/// Sums over rows; the last column is the target.
struct NormalEquations {
  std::vector<std::string> columns;
  std::uint64_t rows = 0;
  std::function<double(std::size_t)> mean;
  /// Sum of (x_i - mean_i)(x_j - mean_j).
  std::function<double(std::size_t, std::size_t)> centred;
};

struct LeastSquares {
  Eigen::VectorXd coefficients;
  double intercept = 0;
};

Result<LeastSquares> solve_least_squares(const NormalEquations& sums, double l2);

}  // namespace leat
