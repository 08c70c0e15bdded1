/// Where a column of a Table lies, for loops that go over its cells.
///
///   leat::ColumnPlace town = leat::place_of(table, 3);
///   for (std::size_t row = 0; row < table.rows(); ++row) if (town.valid(row)) use(town.text(row));
///
/// Nothing is checked: a column that is there, and its type, are the caller's to see to; leat::ColumnView looks at both.
/// Threads: plain values.
#pragma once

#include <leat/chunk/table.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace leat {

/// Where a column's cells, nulls and texts lie: read without asking the table again. Lives as long as the table.
struct ColumnPlace {
  ColumnType type = ColumnType::F64;
  const std::byte* cells = nullptr;          ///< numbers, Spans, or codes
  const std::uint8_t* validity = nullptr;    ///< none: no cell is null
  const Span* dictionary = nullptr;          ///< none: plain
  std::size_t dictionary_size = 0;
  const char* heap = nullptr;                ///< what Spans begin in
  std::size_t heap_size = 0;
  const Span* raw = nullptr;                 ///< what its file says, if it is kept

  /// The text of a cell that is text, bytes or raw.
  std::string_view text(std::size_t row) const {
    Span at = span(row);
    return {heap + at.offset, at.length};
  }
  Span span(std::size_t row) const {
    return dictionary ? dictionary[codes()[row]] : reinterpret_cast<const Span*>(cells)[row];
  }
  /// A text of the dictionary.
  std::string_view entry(std::size_t at) const { return {heap + dictionary[at].offset, dictionary[at].length}; }
  const char* heap_end() const { return heap + heap_size; }
  const std::int32_t* codes() const { return reinterpret_cast<const std::int32_t*>(cells); }
  bool valid(std::size_t row) const { return !validity || (validity[row / 8] >> (row % 8) & 1); }
};

/// `column` of a table.
ColumnPlace place_of(const Table& table, std::size_t column);

}  // namespace leat
