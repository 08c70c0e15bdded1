/// The rows that come first in an order, of all that it is shown: a heap.
///
///   leat::TopRows rows(order, table.fields(), 20, memory);
///   if (!rows.add(table, out.budget())) ...       // they take more than they may
///
/// Threads: one.
#pragma once

#include <leat/actor/cutoff.hpp>
#include <leat/actors/group/growing_held.hpp>
#include <leat/actors/rows/bytes.hpp>
#include <leat/actors/rows/order.hpp>

#include <optional>

namespace leat {

/// A row past its chunk.
struct TopRow {
  std::uint64_t prefix = 0;
  std::string key;  ///< as RowOrder has it
  std::uint64_t number = 0;
  std::string bytes;  ///< as RowBytes has it

  friend auto operator<=>(const TopRow&, const TopRow&) = default;
};

class TopRows {
 public:
  TopRows(RowOrder order, Fields fields, std::size_t most, std::uint64_t limit);

  /// False: the rows take more than the limit, or than the budget has.
  bool add(const Table& table, StateBudget& budget);
  /// In any order.
  const std::vector<TopRow>& rows() const { return rows_; }
  const RowBytes& bytes() const { return bytes_; }
  void clear();
  /// What is of no use any more, once there are as many rows as there are to be; none before, and where the order
  /// begins with a text or the last of them with a null.
  std::optional<Cutoff> cutoff() const;

 private:
  // Puts prefix and position of rows of a block that may be among the first into found_.
  void find(std::span<const ColumnPlace> cells, std::size_t from, std::size_t count);
  bool keep(TopRow row, StateBudget& budget);

  RowOrder order_;
  RowBytes bytes_;
  std::size_t most_;
  std::uint64_t limit_;
  std::vector<TopRow> rows_;  // a heap with the last row on top
  std::vector<std::pair<std::uint64_t, std::size_t>> found_;
  std::uint64_t taken_ = 0;
  GrowingHeld held_;
};

}  // namespace leat
