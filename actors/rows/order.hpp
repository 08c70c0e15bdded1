/// An order of rows by the cells of some columns, as bytes that compare as the rows do.
///
///   leat::RowOrder order({1, 0}, true);          // the greatest of column 1 first, then of column 0
///   auto cells = order.cells(table);
///   order.key(cells, row) < order.key(cells, other)
///
/// Numbers by size, NaN greater than all, -0 as 0; texts by their bytes; nulls last in either direction. Keys of this
/// kind are old: M. Blasgen, R. Casey and K. Eswaran, "An encoding method for multifield sorting and indexing"
/// (1977). Threads: no state.
#pragma once

#include <leat/actors/group/ordered_cells.hpp>

#include <span>
#include <string>
#include <vector>

namespace leat {

class RowOrder {
 public:
  RowOrder(std::vector<std::size_t> columns, bool greatest) : columns_(std::move(columns)), greatest_(greatest) {}

  /// The less, the earlier.
  std::string key(std::span<const ColumnPlace> cells, std::size_t row) const;
  /// The first eight bytes of what the keys of rows [from, from + count) say of their first column; a null is
  /// perhaps like others. A row with a greater one comes later.
  void prefixes(std::span<const ColumnPlace> cells, std::size_t from, std::size_t count, std::uint64_t* to) const;

  const std::vector<std::size_t>& columns() const { return columns_; }
  bool greatest() const { return greatest_; }
  /// Of its columns.
  std::vector<ColumnPlace> cells(const Table& table) const;

 private:
  std::vector<std::size_t> columns_;
  bool greatest_;
};

}  // namespace leat
