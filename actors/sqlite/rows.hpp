/// A SQLite database that is read from a moment on: what a source selects there, and where it goes on.
///
///   auto rows = leat::sqlite::Rows::open(reading);
///   rows->fields();
///   if (auto ok = rows->select_after({}); !ok) return ok;
///   rows->statement().step();
#pragma once

#include <leat/actors/sqlite/cells.hpp>
#include <leat/actors/sqlite/database.hpp>
#include <leat/actors/sqlite/read.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leat::sqlite {

/// Where reading is.
struct Place {
  std::uint64_t row = 0;   ///< rows before it
  std::int64_t rowid = 0;  ///< of the last of them, where rows have one
};

/// Move-only. Threads: one. Holds a read transaction from open() on.
class Rows {
 public:
  /// Errors: those of sqlite::read() at probe.
  static Result<Rows> open(const Reading& reading);

  const std::vector<ReadColumn>& columns() const { return columns_; }
  /// Asks for these columns alone, by name; before the first select_after().
  void narrow(const Fields& columns);
  /// Selects what comes after a place; the statement's row then is before the first of it.
  Result<void> select_after(const Place& place);
  Statement& statement() { return statement_; }
  bool has_rowid() const { return !rowid_.empty(); }
  std::int64_t rowid() const;

 private:
  explicit Rows(const Reading& reading) : reading_(reading) {}
  Result<void> find_what();
  Result<void> find_rowid();
  Result<void> find_columns();
  Result<void> find_types(Statement& all);
  Result<std::vector<Seen>> seen(Statement& all, const std::vector<std::size_t>& columns);
  Result<void> types_are_columns() const;
  std::string selection(bool after) const;

  Reading reading_;
  std::optional<Database> database_;
  std::string rowid_;  // what its rowid is called; empty: it has none
  std::vector<ReadColumn> columns_;
  std::vector<std::string> declared_;  // by column of the whole
  Statement statement_;                // goes before the database
};

}  // namespace leat::sqlite
