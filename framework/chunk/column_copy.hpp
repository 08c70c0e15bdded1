/// Column copies: whole columns of one table written into another that is being built, texts included, a column at
/// a time.
///
///   TableRoom room{.rows = table.rows(), .heap = ColumnCopy::heap_bytes(table, {0, 2})};
///   TableBuilder builder(*pool, {table.fields()[0], table.fields()[2]}, room);
///   ColumnCopy copy(builder);
///   copy.columns(table, {0, 2}, {0, 1});
///   Table narrow = std::move(builder).finish(table.rows(), table.first_row());
///
/// Columns keep their types, nulls, dictionaries, and what their file says. Threads: one. Nothing here looks at what it
/// is given: the builder has the rows, the fields and the room that the table has.
#pragma once

#include <leat/chunk/table_builder.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace leat {

/// Where a column's cells, nulls and texts lie: read without asking the table again. Lives as long as the table.
struct ColumnPlace {
  ColumnType type = ColumnType::F64;
  const std::byte* cells = nullptr;          ///< numbers, Spans, or codes
  const std::uint8_t* validity = nullptr;    ///< none: no cell is null
  const Span* dictionary = nullptr;          ///< none: plain
  std::size_t dictionary_size = 0;
  const char* heap = nullptr;                ///< what Spans begin in
  const Span* raw = nullptr;                 ///< what its file says, if it is kept

  /// The text of a cell that is text, bytes or raw.
  std::string_view text(std::size_t row) const {
    Span span = dictionary ? dictionary[reinterpret_cast<const std::int32_t*>(cells)[row]]
                           : reinterpret_cast<const Span*>(cells)[row];
    return {heap + span.offset, span.length};
  }
  bool valid(std::size_t row) const { return !validity || (validity[row / 8] >> (row % 8) & 1); }
};

/// `column` of a table.
ColumnPlace place_of(const Table& table, std::size_t column);

class ColumnCopy {
 public:
  using Positions = std::vector<std::size_t>;

  explicit ColumnCopy(TableBuilder& builder) : builder_(builder) {}

  /// Bytes of heap that a copy of these columns takes.
  static std::size_t heap_bytes(const Table& table, const Positions& columns);

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

}  // namespace leat
