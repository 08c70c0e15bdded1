/// Sums of products of columns, X'X, in double-double, added up block by block. The arithmetic under
/// linear_regression; it knows pointers and sizes, no chunks.
///
///   namespace cp = leat::cross_products;
///   cp::Block block(2);                             // see packed_columns.hpp
///   cp::pack(x, {}, rows, block.column(0));
///   cp::pack(y, {}, rows, block.column(1));
///   cp::Sums sums(2);
///   cp::add(block, rows, sums);
///   sums.get(0, 1)                                  // sum of x y
///
/// How. Within a block a sum begins at an anchor S = 1.5 * 2^(ei + ej + 7), where |x| < 2^e in each of the
/// two columns: 64 products do not move it out of its binade, so that t = fma(a, b, S) rounds a product to
/// a fixed grid, d = S - t is exact, and E += fma(a, b, d) collects what was rounded off (S. Rump, T. Ogita
/// and S. Oishi, "Accurate floating-point summation", 2008). The anchored part and E are then added to
/// double-double totals. Where there is no fused multiply-add factors are split in halves (G. Veltkamp and
/// T. J. Dekker, 1971). The product runs over registers only: tiles of the upper triangle. Compiled for
/// several instruction sets with Highway; the best one the processor has is chosen when it runs.
///
/// Contract. A block's sums are right to some 2^-94 of the largest product in it, 2^-88 at worst; its rows are at
/// most kRows; packed numbers are below 2^400, and products of those below 2^-400 may be lost. The last bits
/// depend on the instruction set. NaN and infinity make the sums NaN. Threads: no shared state.
#pragma once

#include <leat/actors/regression/double_double.hpp>
#include <leat/actors/regression/packed_columns.hpp>

namespace leat::cross_products {

/// Doubles in the triangle of sums of `columns` columns: whole panels on and above the diagonal.
constexpr std::size_t triangle(std::size_t columns) {
  return kPanel * kPanel * panels(columns) * (panels(columns) + 1) / 2;
}

/// Where the sum of column i times column j lies in the triangle; i <= j < columns.
constexpr std::size_t at(std::size_t columns, std::size_t i, std::size_t j) {
  std::size_t p = i / kPanel;
  std::size_t width = kPanel * (panels(columns) - p);
  std::size_t before = kPanel * kPanel * (p * panels(columns) - p * (p - 1) / 2);
  return before + i % kPanel * width + (j - p * kPanel);
}

/// Sums of products of all pairs of columns, from 0.
class Sums {
 public:
  explicit Sums(std::size_t columns)
      : columns_(columns), high_(zeroed(triangle(columns))), low_(zeroed(triangle(columns))) {}
  /// Doubles one takes.
  static constexpr std::size_t doubles(std::size_t columns) { return 2 * triangle(columns); }

  DoubleDouble get(std::size_t i, std::size_t j) const {
    std::size_t place = i <= j ? at(columns_, i, j) : at(columns_, j, i);
    return {high_[place], low_[place]};
  }
  void set(std::size_t i, std::size_t j, DoubleDouble sum) {
    std::size_t place = i <= j ? at(columns_, i, j) : at(columns_, j, i);
    high_[place] = sum.high;
    low_[place] = sum.low;
  }
  double* high() { return high_.get(); }
  double* low() { return low_.get(); }

 private:
  std::size_t columns_;
  Doubles high_;
  Doubles low_;
};

/// Adds the products of the block's first `rows` rows to sums of as many columns.
void add(Block& block, std::size_t rows, Sums& sums);

/// The instruction set in use, for benchmarks: "AVX3".
const char* instruction_set();

}  // namespace leat::cross_products
