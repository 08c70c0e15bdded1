/// Which columns keep a regression from having one answer, and which come near to it.
///
///   auto constant = leat::constant_columns(sums);             // positions
///   auto dependent = leat::dependent_columns(equal.factor);   // after a run() that stopped early
///   leat::Collinearity found(equal);                          // after a full one; inverts the factor
///   found.condition, found.blamed
///
/// Contract. The condition is the ratio of the extreme singular values of R with its columns brought to
/// length 1, by power iteration, to three digits or so. Columns to blame are those of whose variance more
/// than half comes from the least singular value, where the condition is above 30 (D. Belsley, E. Kuh and
/// R. Welsch, "Regression Diagnostics", 1980). A column is constant when its deviation is a few units of its
/// type's rounding; columns depend on each other when what is left of one is no more than the rounding of
/// their sums. Threads: plain values.
#pragma once

#include <leat/actors/regression/equilibrated_sums.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace leat {

/// Positions of features that are constant, or 0 throughout where sums are not centred.
std::vector<std::size_t> constant_columns(const CrossMoments& sums);

/// Positions of one set of columns of which each is a combination of the others, in their order.
std::vector<std::size_t> dependent_columns(const PivotedCholesky& factor);

struct Collinearity {
  explicit Collinearity(EquilibratedSums& equal);

  double condition = 1;
  double least = 1;                   ///< singular value
  std::vector<double> inverse;        ///< diagonal of the inverse of the equilibrated sums, by feature
  std::vector<std::size_t> blamed;    ///< positions, in their order
  std::vector<double> direction;      ///< the singular vector of the least, by feature
};

/// "a, b and c", or "a, b, c, d, e, f, g, h and 12 more".
std::string listed_names(const std::vector<std::string>& names);

}  // namespace leat
