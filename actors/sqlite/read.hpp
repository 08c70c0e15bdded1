/// SQLite reader: a source of the rows of a table, or of what a query gives, as Tables.
///
///   g.source("read", leat::sqlite::read({.path = "in.db", .table = "flights"}))
///   g.source("read", leat::sqlite::read({.path = "in.db", .query = "SELECT hour, delay FROM flights WHERE delay > 0"}))
///
/// Contract. Out: Tables of at most about 256 KiB, or of one row, in the order of the rowid, or of the query. Columns
/// have the names that SQLite gives them and the types they are declared with (sqlite/columns.hpp); where that says
/// nothing, as of an expression, and of a TIMESTAMP or DATETIME, the first 1000 rows decide; `types` decides first.
/// SQLite keeps any value in any column, so each cell is looked at (sqlite/cells.hpp): one that is not of its column's
/// type fails the job, with row and column. With `types` "text" numbers are read as SQLite writes them. Of a table
/// only the columns that are read below are asked for.
///
/// The database is opened to be read only, and all rows are of one moment, that of probe(): until the last is read
/// who writes waits, unless the database keeps a WAL. A position is a rowid, or where there is none the number of
/// rows before it; one of a database that has been changed since is refused. Notes: "path".
///
/// Errors, one sentence each: at probe no such file, no database, locked for longer than `wait`, no such table or
/// column (with the one that is near), a query that is no single SELECT, two columns of one name; then a cell of
/// another type, a row whose texts are larger than max_row.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace leat::sqlite {

/// Either a table, which may be a view, or a query.
struct Reading {
  std::string path;
  std::optional<std::string> table = {};
  std::optional<std::string> query = {};
  std::map<std::string, ColumnType> types = {};  ///< of columns, in place of those found
  std::uint64_t max_row = 1024 * 1024;           ///< most bytes of text and blobs in one row
  std::uint64_t wait = 10;                       ///< seconds, while another process has the database locked
};

/// Threads: as Source. Memory: one chunk, and SQLite's cache of 1 MiB.
Kind<Table> read(Reading reading);
DeclaredKind declared_read();

}  // namespace leat::sqlite
