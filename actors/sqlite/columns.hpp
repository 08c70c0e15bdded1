/// Columns of SQLite's tables and of ours: which is declared as what, and whether values of one fit the other. Pure.
///
///   leat::sqlite::declared_as(ColumnType::I64)             // "INTEGER"
///   leat::sqlite::type_of("varchar(20)")                   // ColumnType::TEXT
///   leat::sqlite::fits(ColumnType::TEXT, "INTEGER")        // false: '7' would become 7
#pragma once

#include <leat/chunk/fields.hpp>
#include <leat/chunk/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::sqlite {

/// A column as a table's definition has it.
struct TableColumn {
  std::string name;
  std::string declared;   ///< its type, as it was written; may be empty
  bool not_null = false;
  bool filled = false;    ///< has a value where none is given: a default, or the rowid's
};
using TableColumns = std::vector<TableColumn>;

/// I64 and I32 INTEGER, BOOL BOOLEAN, F64, F32 and F16 REAL, TEXT TEXT, BYTES BLOB, TIMESTAMP TIMESTAMP.
std::string_view declared_as(ColumnType type);

/// What a column of this declared type is read as, by the words in it: BOOL, TIMESTAMP (also of DATETIME), I64, TEXT,
/// BYTES, F64. None where it says nothing of that (NUMERIC, DECIMAL, DATE, nothing at all): its cells have to.
std::optional<ColumnType> type_of(std::string_view declared);

/// Whether every value of the type is kept as it is in a column so declared, by SQLite's rules of affinity, and is
/// read as that again: texts only where they stay texts, integers where they are not made reals.
bool fits(ColumnType type, std::string_view declared);

/// Refuses rows that do not fit into a table: columns that it lacks, of other types, or that it must be given. Names
/// are compared without regard to case. `place`: "table t of x.db".
Result<void> fit_into(const std::string& place, const TableColumns& there, const Fields& rows);

/// Refuses columns that no table of SQLite can have: none at all, two whose names differ in case only, raw ones.
Result<void> can_be_columns(const Fields& rows);

/// "CREATE TABLE ..." for such rows.
std::string definition(const std::string& table, const Fields& rows);

}  // namespace leat::sqlite
