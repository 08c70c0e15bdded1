/// SQLite writer: Tables as rows of one table of a SQLite database, all of them or none.
///
///   flights.sink("write", leat::sqlite::write({.path = "out.db", .table = "flights"}));
///   delays.sink("write", leat::sqlite::write({.path = "out.db", .table = "delays", .mode = sqlite::Mode::replace}));
///
/// Contract. In: Tables of one layout, in the order they come, a row each. A table that is not there is made, with
/// i64 and i32 as INTEGER, bool as BOOLEAN (0 or 1), f64, f32 and f16 as REAL, text as TEXT, bytes as BLOB, and
/// timestamps as TIMESTAMP: text, ISO 8601 in UTC with the decimals it needs. sqlite::read reads all of them back as
/// they were, but that i32 is i64 and f32 and f16 are f64, the same numbers, unless it is told otherwise. A null is
/// NULL. SQLite has neither NaN, which fails the job unless it is to be NULL and counted ("not numbers"), nor -0, which
/// becomes 0 and is counted ("negative zeros"). A table that is there must fit (sqlite/columns.hpp), or the differences
/// are named before the first row; columns that the rows lack get their defaults. mode = replace puts a new table in
/// its place, without its indexes; other tables stay.
///
/// Rows go into a database of their own beside the target from the start, and come into it when the whole job is
/// complete, in one transaction that also notes the job in the table leat_commits: to commit again, in whatever
/// process, changes nothing. An interrupted or failed job leaves what was there. Where there was no database the
/// staged one is renamed into place; where there is one the rows are written a second time (sqlite/staging.hpp).
/// Both are on the disk then, whatever the database's settings.
///
/// Reports "written", the path; counts "rows". Errors, one sentence each: no database, locked for longer than `wait`,
/// full disk, not to be written, columns that do not fit, a constraint that a row does not keep, a text that is not
/// UTF-8. State: Staging::kMemory and a chunk. One replica.
#pragma once

#include <leat/actors/sqlite/insert.hpp>
#include <leat/actors/sqlite/staging.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>

namespace leat::sqlite {

struct Writing {
  std::string path;
  std::string table;
  Mode mode = Mode::append;
  NotNumbers not_numbers = NotNumbers::fail;
  std::uint64_t wait = 10;  ///< seconds, while another process has the database locked
};

Kind<void, Table> write(Writing writing);
DeclaredKind declared_write();

}  // namespace leat::sqlite
