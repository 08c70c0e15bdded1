/// Sums of products of columns: X'X, added up block by block. The arithmetic under linear_regression;
/// it knows pointers and sizes, no chunks.
///
///   namespace cp = leat::cross_products;
///   cp::Block block(2);                             // two columns, cp::kRows rows at a time
///   cp::pack(x, 0.5, rows, block.column(0));        // block = (double)x - 0.5
///   cp::pack(y, 0.0, rows, block.column(1));
///   auto sums = cp::zeroed(cp::triangle(2));
///   cp::add(block, rows, sums.get());
///   sums[cp::at(2, 0, 1)]                           // sum of (x - 0.5) y
///
/// A block is packed into panels of eight columns, [panel][row][8], so that one row of a panel is one
/// cache line and the product runs over registers only: tiles of the upper triangle, each summed over
/// the block from zero and then added to the total (K. Goto and R. van de Geijn, "Anatomy of
/// High-Performance Matrix Multiplication", 2008, for the packing; the two-level sum keeps the error
/// of a total of n rows near that of n / kRows). Compiled for several instruction sets with Highway;
/// the best one the processor has is chosen when it runs.
///
/// Contract. Sums are of doubles; order of summation, and so the last bits, depend on the instruction
/// set. NaN and infinity go through. Threads: no shared state. Columns past the last in the last
/// panel are zero.
#pragma once

#include <cstddef>
#include <memory>

namespace leat::cross_products {

/// Columns of a panel.
constexpr std::size_t kPanel = 8;
/// Rows of a block: with 51 columns 56 KiB, well inside a second-level cache.
constexpr std::size_t kRows = 128;

constexpr std::size_t panels(std::size_t columns) { return (columns + kPanel - 1) / kPanel; }

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

/// Zeroed doubles that start on a cache line, as the kernel wants them.
struct Free {
  void operator()(double* cells) const;
};
using Doubles = std::unique_ptr<double[], Free>;
Doubles zeroed(std::size_t count);

/// Room for kRows rows of columns. Move-only; zeroed when made.
class Block {
 public:
  explicit Block(std::size_t columns) : columns_(columns), cells_(zeroed(doubles(columns))) {}
  /// Doubles one takes.
  static constexpr std::size_t doubles(std::size_t columns) {
    return panels(columns) * kPanel * kRows;
  }
  /// Where a column's first cell goes; the next rows follow at a distance of kPanel.
  double* column(std::size_t c) { return cells_.get() + c / kPanel * kPanel * kRows + c % kPanel; }
  const double* data() const { return cells_.get(); }
  std::size_t columns() const { return columns_; }

 private:
  std::size_t columns_;
  Doubles cells_;
};

/// One column: to[kPanel * r] = from[r] - shift.
template <class T>
void pack(const T* from, double shift, std::size_t rows, double* to) {
  for (std::size_t r = 0; r < rows; ++r) to[kPanel * r] = static_cast<double>(from[r]) - shift;
}

/// Four columns of floats at once, several times faster; `to` is a column whose number is a multiple
/// of four.
void pack4(const float* const* from, const double* shift, std::size_t rows, double* to);

/// Adds the products of the block's first `rows` rows to the triangle `sums`, made by zeroed().
void add(const Block& block, std::size_t rows, double* sums);

/// The instruction set in use, for benchmarks: "AVX3".
const char* instruction_set();

}  // namespace leat::cross_products
