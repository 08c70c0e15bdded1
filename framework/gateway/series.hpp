/// A column as it is drawn: the least and the greatest of the rows that each pixel shows. Pure.
///
///   Series series(ColumnType::F64, {0, rows}, 1000);
///   if (series.is_in_pixel(first, count)) series.add(least, greatest);   // of a chunk that is not read
///   else series.add(place_of(table, column), first, count);
#pragma once

#include <leat/chunk/column_place.hpp>
#include <leat/gateway/row_range.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// Threads: one. Cells are added in the order of their rows.
class Series {
 public:
  /// As many pixels, or as there are rows. Of a column that has an order: no texts and bytes.
  Series(ColumnType type, RowRange range, std::uint64_t pixels);

  /// Whether these rows are wholly in the range, and in one pixel.
  bool is_in_pixel(std::uint64_t first, std::uint64_t rows) const;
  /// Whether it says what is needed of cells that nobody reads: NaN, which is no extreme, hides what is.
  static bool is_enough(std::uint64_t greatest);
  /// Of `first`'s pixel, as ordered_cells() has numbers; the first more than the second: there are none.
  void add(std::uint64_t first, std::uint64_t least, std::uint64_t greatest);
  /// The cells of rows [first, first + rows), those of them that are in the range; neither nulls nor NaN count.
  void add(const ColumnPlace& cells, std::uint64_t first, std::uint64_t rows);

  std::uint64_t pixels() const { return extremes_.size(); }
  /// `"pixels":3,"min":[1,null,2],"max":[4,null,2]`: members of an object.
  std::string members() const;

 private:
  struct Extremes {
    std::uint64_t least = ~std::uint64_t{0};
    std::uint64_t greatest = 0;
  };

  std::uint64_t begin_of(std::uint64_t pixel) const { return first_of_pixel(range_, pixels(), pixel); }
  void add_some(const ColumnPlace& cells, std::size_t from, std::size_t rows, Extremes& into) const;
  void go_to(std::uint64_t row);

  ColumnType type_;
  RowRange range_;
  std::vector<Extremes> extremes_;
  std::uint64_t pixel_ = 0;  // of the row that was added last
};

}  // namespace leat
