/// Least squares from centred sums of products in double-double, with a ridge, what the answer is worth, and
/// the columns named when there is none. The arithmetic behind linear_regression.
///
///   auto solved = leat::solve_least_squares(sums, 1e-6);        // CrossMoments; the last column is the target
///   if (solved) use(solved->coefficients, solved->intercept);
///
/// Contract. Minimises the sum of squared errors + l2 * sum of squared coefficients, on centred features;
/// the intercept is not penalised; where sums are not centred there is none. Columns are brought to one
/// scale, so their units do not matter to the accuracy; then Cholesky with pivoting, in double-double, see
/// pivoted_cholesky.hpp. The sum of squared residuals is what is left of the target's square (its Schur
/// complement). Coefficients are those of the cells as they are, to 14 digits up to a condition of 1e7, and
/// no worse than by Householder's QR in f64 up to 1e13. Errors, which name the columns: too few rows;
/// constant columns; dependent ones, in what the arithmetic or, for f32 and f16, the cells can tell apart;
/// coefficients that f64 cannot hold. Memory: EquilibratedSums::bytes. Threads: no state.
#pragma once

#include <leat/actors/regression/cross_moments.hpp>
#include <leat/chunk/result.hpp>

#include <string>
#include <vector>

namespace leat {

struct LeastSquares {
  std::vector<double> coefficients;
  double intercept = 0;
  double degrees = 0;            ///< rows less coefficients
  double residual_squares = 0;   ///< sum
  double r2 = 0;                 ///< NaN where the target is constant
  double adjusted_r2 = 0;        ///< NaN without degrees of freedom
  double condition = 1;          ///< of R, centred, with columns of length 1
  std::vector<std::string> collinear;  ///< columns to blame for a condition above 30
  /// Right digits of the coefficients that the rounding of the cells and the arithmetic allow, 0 to 15:
  /// of the largest of them, once all columns have one deviation.
  int digits = 15;
  /// Empty and NaN with a ridge, whose estimates are biased, or without degrees of freedom.
  std::vector<double> standard_errors;
  double intercept_error = 0;
  std::vector<double> inflation;  ///< variance inflation factors
};

Result<LeastSquares> solve_least_squares(const CrossMoments& sums, double l2);

/// What the columns lack for one answer, for too few rows and for constant columns.
Result<void> solvable(const CrossMoments& sums, double l2);

}  // namespace leat
