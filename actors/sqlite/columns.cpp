#include <leat/actors/sqlite/columns.hpp>

#include <leat/actors/sqlite/database.hpp>

#include <algorithm>
#include <cctype>

namespace leat::sqlite {
namespace {

std::string upper(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return made;
}

bool has(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return text.find(word) != text.npos; });
}

// SQLite's "Determination Of Column Affinity", rules 1 to 5.
enum class Affinity { integer, text, none, real, numeric };

Affinity affinity_of(const std::string& declared) {
  if (has(declared, {"INT"})) return Affinity::integer;
  if (has(declared, {"CHAR", "CLOB", "TEXT"})) return Affinity::text;
  if (declared.empty() || has(declared, {"BLOB"})) return Affinity::none;
  if (has(declared, {"REAL", "FLOA", "DOUB"})) return Affinity::real;
  return Affinity::numeric;
}

}  // namespace

std::string_view declared_as(ColumnType type) {
  switch (type) {
    case ColumnType::I64:
    case ColumnType::I32: return "INTEGER";
    case ColumnType::BOOL: return "BOOLEAN";
    case ColumnType::F64:
    case ColumnType::F32:
    case ColumnType::F16: return "REAL";
    case ColumnType::TIMESTAMP: return "TIMESTAMP";
    case ColumnType::BYTES: return "BLOB";
    default: return "TEXT";
  }
}

std::optional<ColumnType> type_of(std::string_view declared) {
  std::string words = upper(declared);
  if (has(words, {"BOOL"})) return ColumnType::BOOL;
  if (has(words, {"TIMESTAMP", "DATETIME"})) return ColumnType::TIMESTAMP;
  switch (affinity_of(words)) {
    case Affinity::integer: return ColumnType::I64;
    case Affinity::text: return ColumnType::TEXT;
    case Affinity::real: return ColumnType::F64;
    case Affinity::none: return words.empty() ? std::nullopt : std::optional(ColumnType::BYTES);
    case Affinity::numeric: break;
  }
  return std::nullopt;
}

bool fits(ColumnType type, std::string_view declared) {
  std::string words = upper(declared);
  Affinity affinity = affinity_of(words);
  switch (type) {
    case ColumnType::I64:
    case ColumnType::I32:
    case ColumnType::BOOL: return affinity == Affinity::integer || affinity == Affinity::numeric || words.empty();
    case ColumnType::F64:
    case ColumnType::F32:
    case ColumnType::F16: return affinity == Affinity::real || affinity == Affinity::numeric || words.empty();
    case ColumnType::BYTES: return affinity == Affinity::none;
    case ColumnType::TIMESTAMP:
      // ISO 8601 is never taken for a number.
      return affinity == Affinity::text || words.empty() || has(words, {"TIME", "DATE"});
    default: return affinity == Affinity::text || words.empty();
  }
}

Result<void> fit_into(const std::string& place, const TableColumns& there, const Fields& rows) {
  std::vector<std::string> names;
  for (const TableColumn& column : there) names.push_back(column.name);
  std::string differences;
  auto differs = [&](const std::string& how) { differences += (differences.empty() ? "" : "; ") + how; };
  for (const Field& field : rows) {
    auto found = std::find_if(there.begin(), there.end(),
                              [&](const TableColumn& column) { return same_name(column.name, field.name); });
    if (found == there.end()) {
      std::string near = near_name(names, field.name);
      differs("it has no column " + field.name + (near.empty() ? "" : " (did you mean " + near + "?)"));
    } else if (!fits(field.type, found->declared)) {
      differs("its column " + found->name + " is " + (found->declared.empty() ? "of no type" : found->declared) +
              ", and that of the rows " + std::string(type_name(field.type)));
    }
  }
  for (const TableColumn& column : there) {
    bool given = std::any_of(rows.begin(), rows.end(), [&](const Field& f) { return same_name(f.name, column.name); });
    if (!given && column.not_null && !column.filled) {
      differs("its column " + column.name + " must have a value, and the rows have no such column");
    }
  }
  if (differences.empty()) return {};
  return invalid("the rows do not fit " + place + ": " + differences + "; change them, write another table, or have it "
                 "replaced with mode = \"replace\"");
}

Result<void> can_be_columns(const Fields& rows) {
  if (rows.empty()) return invalid("sqlite.write gets rows without columns, which no table of SQLite has: give it some");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].type == ColumnType::RAW) {
      return invalid("sqlite.write gets column " + rows[i].name + " as its file has it, unread: give it a type");
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (!same_name(rows[i].name, rows[j].name)) continue;
      return invalid("sqlite.write gets the columns " + rows[j].name + " and " + rows[i].name +
                     ", which are one to SQLite, as it does not tell capitals from small letters: rename one");
    }
  }
  return {};
}

std::string definition(const std::string& table, const Fields& rows) {
  std::string sql;
  for (const Field& field : rows) {
    sql += (sql.empty() ? "" : ", ") + sql_name(field.name) + " " + std::string(declared_as(field.type));
  }
  return "CREATE TABLE " + table + " (" + sql + ")";
}

}  // namespace leat::sqlite
