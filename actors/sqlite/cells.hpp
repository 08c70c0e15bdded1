/// Cells of a row of SQLite as values of a column's type, each looked at: SQLite keeps any value in any column.
///
///   leat::sqlite::Cells cells(statement, columns);
///   if (auto room = cells.look(); !room) return room.error();   // of the row that the statement is at
///   if (*room > heap_left) ...
///   cells.put(builder, row);
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/chunk/table_builder.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace leat::sqlite {

/// A column that is read.
struct ReadColumn {
  Field field;
  int at = 0;          ///< in the statement
  bool given = false;  ///< its type was asked for: as text, numbers are read as SQLite writes them
};

/// What the cells of a column have been, over some rows.
struct Seen {
  std::uint64_t integers = 0, reals = 0, texts = 0, blobs = 0;
  std::uint64_t timestamps = 0;  ///< of the texts, those that are one

  void add(sqlite3_stmt* row, int column);
  /// "texts and integers".
  std::string listed() const;
};

/// By its cells the type of a column that is declared as something that does not say it, or as TIMESTAMP.
/// Errors: cells of kinds that no type holds together. `place` goes before them: "x.db: column c".
Result<ColumnType> type_by_cells(const std::string& place, std::string_view declared, const Seen& seen);

/// Contract. An i64 is an integer, an i32 one that it can hold, a bool 0 or 1, an f64 a real or an integer up to 2^53
/// that is one, an f32 or f16 such a number rounded, a timestamp a text as ISO 8601, text a text in UTF-8, bytes a
/// blob; NULL is null. Errors: corrupt, any other cell, with column and value. Threads: one.
class Cells {
 public:
  Cells() = default;
  Cells(sqlite3_stmt* row, std::vector<ReadColumn> columns);

  /// Looks at the texts of the row the statement is at. Returns the bytes they take.
  Result<std::size_t> look();
  /// Puts that row into a builder that has room for it, and as many columns.
  Result<void> put(TableBuilder& builder, std::size_t row);

 private:
  Result<void> put_value(TableBuilder& builder, std::size_t column, std::size_t row);
  Result<void> put_integer(TableBuilder& builder, std::size_t column, std::size_t row);
  Result<void> put_real(TableBuilder& builder, std::size_t column, std::size_t row);
  Error wrong(std::size_t column) const;

  sqlite3_stmt* row_ = nullptr;
  std::vector<ReadColumn> columns_;
  std::vector<std::string_view> texts_;  // of this row, by column
};

}  // namespace leat::sqlite
