/// Centred sums of products brought to one scale by powers of two, with the ridge added: what is factored.
///
///   leat::EquilibratedSums equal(sums, 1e-6);      // features, and the target last
///   equal.factor.run(equal.tolerance);
///   equal.power[0]                                 // column 0 was divided by 2^power[0]
///
/// Contract. Every entry on the diagonal is in [1, 4), but for a column that is 0 throughout; the division
/// is exact. A column's tolerance is the share of its entry that rounding can make up: about 2^-94 of the
/// sum of squares it was summed up with. Threads: plain values.
#pragma once

#include <leat/actors/regression/cross_moments.hpp>
#include <leat/actors/regression/pivoted_cholesky.hpp>

#include <vector>

namespace leat {

struct EquilibratedSums {
  EquilibratedSums(const CrossMoments& sums, double l2);
  /// Bytes one of so many columns takes.
  static std::uint64_t bytes(std::size_t columns) { return PivotedCholesky::bytes(columns) + 128 * columns; }

  PivotedCholesky factor;
  std::vector<int> power;
  std::vector<double> own;        ///< the diagonal, with the ridge
  std::vector<double> raw;        ///< the sums of squares whose rounding the column carries
  std::vector<double> ridge;      ///< what was added to the diagonal
  std::vector<double> tolerance;
};

/// Share of a sum of squares that its rounding is.
constexpr double kSumRounding = 0x1p-97;

}  // namespace leat
