/// Columns packed for sums of products: 64 rows of every column as doubles, shifted and scaled, in the
/// layout that cross_products.hpp reads; and the range of a column's cells, which says how to shift it.
/// It knows pointers and sizes, no chunks.
///
///   namespace cp = leat::cross_products;
///   cp::Block block(2);                                // two columns, cp::kRows rows at a time
///   cp::pack(x, {0.5, 1}, rows, block.column(0));      // block = ((double)x - 0.5) * 1
///   cp::Range range = cp::range_of(x, rows);           // least and greatest
///
/// A block is made of panels of eight columns, [panel][row][8], so that one row of a panel is one cache
/// line and products run over registers only (K. Goto and R. van de Geijn, "Anatomy of High-Performance
/// Matrix Multiplication", 2008). Compiled for several instruction sets with Highway; the best one the
/// processor has is chosen when it runs.
///
/// Contract. NaN and infinity go through packing; a range that holds NaN is of no use. Threads: no shared
/// state. Columns past the last in the last panel are zero.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>

namespace leat::cross_products {

/// Columns of a panel.
constexpr std::size_t kPanel = 8;
/// Rows of a block: with 51 columns 28 KiB, inside a first-level cache.
constexpr std::size_t kRows = 64;

constexpr std::size_t panels(std::size_t columns) { return (columns + kPanel - 1) / kPanel; }

/// Zeroed doubles that start on a cache line, as the kernels want them.
struct Free {
  void operator()(double* cells) const;
};
using Doubles = std::unique_ptr<double[], Free>;
Doubles zeroed(std::size_t count);

/// Room for kRows rows of columns. Move-only; zeroed when made.
class Block {
 public:
  explicit Block(std::size_t columns)
      : columns_(columns),
        cells_(zeroed(panels(columns) * kPanel * kRows)),
        powers_(zeroed(panels(columns) * kPanel)) {}
  /// Doubles one takes.
  static constexpr std::size_t doubles(std::size_t columns) {
    return panels(columns) * kPanel * (kRows + 1);
  }
  /// Where a column's first cell goes; the next rows follow at a distance of kPanel.
  double* column(std::size_t c) { return cells_.get() + c / kPanel * kPanel * kRows + c % kPanel; }
  const double* data() const { return cells_.get(); }
  /// By column: a power of two above all that was packed last; filled by cross_products::add.
  double* powers() { return powers_.get(); }
  std::size_t columns() const { return columns_; }

 private:
  std::size_t columns_;
  Doubles cells_;
  Doubles powers_;
};

/// How cells become what is packed: (cell - shift) * factor; the factor is a power of two.
struct Change {
  double shift = 0;
  double factor = 1;
  double operator()(double cell) const { return (cell - shift) * factor; }
};

/// One column: to[kPanel * r] = change(from[r]).
template <class T>
void pack(const T* from, Change change, std::size_t rows, double* to) {
  for (std::size_t r = 0; r < rows; ++r) to[kPanel * r] = change(static_cast<double>(from[r]));
}

/// Four columns at once, several times faster; `to` is a column whose number is a multiple of four.
void pack4(const float* const* from, const Change* changes, std::size_t rows, double* to);
void pack4(const double* const* from, const Change* changes, std::size_t rows, double* to);

/// The least and the greatest of a column's cells; least above greatest where there is none.
struct Range {
  double least = 0;
  double greatest = -1;
  void take(double cell) {
    bool first = least > greatest;
    least = first ? cell : std::min(least, cell);
    greatest = first ? cell : std::max(greatest, cell);
  }
};
Range range_of(const float* cells, std::size_t rows);
Range range_of(const double* cells, std::size_t rows);
template <class T>
Range range_of(const T* cells, std::size_t rows) {
  Range range;
  for (std::size_t r = 0; r < rows; ++r) range.take(static_cast<double>(cells[r]));
  return range;
}

}  // namespace leat::cross_products
