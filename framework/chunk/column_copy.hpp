/// Column copies: whole columns of one table written into another that is being built, texts included, a column at
/// a time.
///
///   TableBuilder builder(*pool, {table.fields()[0], table.fields()[2]}, ColumnCopy::room(table, {0, 2}));
///   ColumnCopy(builder).columns(table, {0, 2}, {0, 1});
///   Table narrow = finish_as(std::move(builder), table);
///
/// Columns keep their types, nulls, dictionaries, and what their file says. Threads: one. Nothing here looks at what it
/// is given: the builder has the rows, the fields and the room that the table has.
#pragma once

#include <leat/chunk/column_place.hpp>
#include <leat/chunk/table_builder.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace leat {

class ColumnCopy {
 public:
  using Positions = std::vector<std::size_t>;

  explicit ColumnCopy(TableBuilder& builder) : builder_(builder) {}

  /// Bytes of heap that a copy of these columns takes.
  static std::size_t heap_bytes(const Table& table, const Positions& columns);
  /// Room for a copy of these columns, with the numbers and the lines of the rows.
  static TableRoom room(const Table& table, const Positions& columns);

  /// Column from[i] of `table` becomes column to[i], all rows.
  void columns(const Table& table, const Positions& from, const Positions& to);

  /// Takes a part of the heap, to be written by who asks. Throws std::length_error when there is no room.
  char* take(std::size_t bytes, std::uint32_t& offset);
  /// The Spans of a plain text column, one a row, to be written with offsets that take() gave.
  Span* spans(std::size_t column);
  /// The same of what its file says of a column's cells.
  Span* raw(std::size_t column);
  /// The nulls of the first `rows` rows of a nullable column: bits as in ColumnPlace::validity. Their cells must be
  /// zero.
  void nulls(std::size_t column, const std::uint8_t* bits, std::size_t rows);

 private:
  void spans(const Span* from, std::size_t count, std::int64_t shift, Span* to);
  void texts(const ColumnPlace& from, std::size_t rows, std::size_t to, const std::int64_t* shift);
  void whole(const Span* from, std::size_t count, const char* heap, Span* to);

  TableBuilder& builder_;
};

/// Finishes a table whose rows are those of `table`, one by one, with their numbers and lines; it has the room.
Table finish_as(TableBuilder&& builder, const Table& table);

}  // namespace leat
