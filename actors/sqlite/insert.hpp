/// Rows of Tables put into a table of SQLite, one after another, by one prepared statement.
///
///   leat::sqlite::Insert insert;
///   if (auto ok = insert.prepare(database, "t", table.fields(), {}); !ok) return ok;
///   auto ok = insert.rows(table);
///
/// Contract. I64, I32 and BOOL become integers, F64, F32 and F16 reals, TEXT text, BYTES blobs, TIMESTAMP text: ISO
/// 8601 in UTC with as many decimals as it needs (0, 3, 6 or 9), a null NULL. SQLite has no NaN, which it would take
/// for NULL: one is refused, or NULL where that is asked for, and counted; and no -0: it becomes 0 and is counted.
/// Errors: those, with column and row; a text that is no UTF-8; Database's. Threads: one.
#pragma once

#include <leat/actors/sqlite/database.hpp>
#include <leat/chunk/table.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat::sqlite {

/// What becomes of a NaN.
enum class NotNumbers { fail, null };

class Insert {
 public:
  /// The table must be there and have these columns. The database must outlive this.
  Result<void> prepare(Database& database, const std::string& table, const Fields& columns, NotNumbers not_numbers);
  bool prepared() const { return statement_.get() != nullptr; }
  /// Adds all rows of a table that has the columns it was prepared for.
  Result<void> rows(const Table& table);
  void close() { statement_ = Statement(); }

  std::uint64_t nulls_of_nan() const { return not_numbers_; }    ///< so far
  std::uint64_t negative_zeros() const { return negative_zeros_; }  ///< so far

 private:
  struct Column;
  static Column column_of(const Table& table, std::size_t at);
  Result<void> bind(const Table& table, const Column& column, std::size_t at, std::size_t row);
  Result<void> bind_real(const Table& table, std::size_t at, std::size_t row, double value);
  Result<void> bind_text(const Table& table, std::size_t at, std::size_t row, std::string_view text);
  void bind_timestamp(std::size_t at, std::int64_t nanoseconds);

  Statement statement_;
  NotNumbers choice_ = NotNumbers::fail;
  std::vector<std::string> written_;  // by column: the text of a timestamp, while it is bound
  std::uint64_t not_numbers_ = 0;
  std::uint64_t negative_zeros_ = 0;
};

}  // namespace leat::sqlite
