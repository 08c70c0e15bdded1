/// Cholesky's factors of a symmetric matrix in double-double, with diagonal pivoting.
///
///   leat::PivotedCholesky factor(3, 2);        // 3 columns, of which the first 2 may be pivots
///   factor.set(i, j, entry);                   // i <= j: the upper triangle
///   std::size_t rank = factor.run(tolerances); // R'R of the pivots, in factor.order()
///   factor.get(2, 2)                           // what is left of the last column: its Schur complement
///
/// Contract. Pivots are taken by the largest share of a column's own entry that is left (N. Higham,
/// "Analysis of the Cholesky decomposition of a semi-definite matrix", 1990); run() stops where no column
/// has more than its tolerance left, and says how many it took. Row k of R is get(k, k...); columns of R
/// stand in order(), those that are no pivots last and unmoved. invert() then replaces the pivots' square of
/// R by its inverse. Compiled for several instruction sets with Highway. Memory: 8 bytes for each pair of
/// columns. Threads: one object from one thread at a time.
#pragma once

#include <leat/actors/regression/double_double.hpp>

#include <cstddef>
#include <vector>

namespace leat {

class PivotedCholesky {
 public:
  PivotedCholesky(std::size_t columns, std::size_t pivots);
  /// Bytes one takes.
  static std::size_t bytes(std::size_t columns) { return 8 * (columns + 1) * (columns + 8) + 64; }

  DoubleDouble get(std::size_t i, std::size_t j) const { return {high_[at(i, j)], low_[at(i, j)]}; }
  void set(std::size_t i, std::size_t j, DoubleDouble entry) {
    high_[at(i, j)] = entry.high;
    low_[at(i, j)] = entry.low;
  }

  std::size_t run(const std::vector<double>& tolerances);
  /// Which column stands where.
  const std::vector<std::size_t>& order() const { return order_; }
  std::size_t rank() const { return rank_; }
  void invert();

 private:
  std::size_t at(std::size_t i, std::size_t j) const { return i * (2 * columns_ + 1 - i) / 2 + (j - i); }
  std::size_t best(std::size_t from, const std::vector<double>& tolerances) const;
  void exchange(std::size_t k, std::size_t q);
  void eliminate(std::size_t k);

  std::size_t columns_;
  std::size_t pivots_;
  std::size_t rank_ = 0;
  std::vector<std::size_t> order_;
  std::vector<double> own_;  // entries on the diagonal as they were, by column
  std::vector<double> high_;
  std::vector<double> low_;
};

/// to[i] -= factor * from[i], each number in double-double.
struct DoubleDoubleRow {
  double* high;
  double* low;
};
void subtract(DoubleDouble factor, DoubleDoubleRow from, std::size_t count, DoubleDoubleRow to);

}  // namespace leat
