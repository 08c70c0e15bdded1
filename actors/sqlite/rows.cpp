#include <leat/actors/sqlite/rows.hpp>

#include <leat/actors/sqlite/columns.hpp>
#include <leat/actors/sqlite/staging.hpp>

#include <sqlite3.h>

#include <algorithm>

namespace leat::sqlite {
namespace {

constexpr int kLookedAt = 1000;

std::string text_or_empty(const char* text) { return text ? text : ""; }

}  // namespace

Result<Rows> Rows::open(const Reading& reading) {
  Rows rows(reading);
  auto database = Database::open(reading.path, Opening::to_read, reading.wait);
  if (!database) return std::move(database).error();
  rows.database_.emplace(std::move(*database));
  for (auto step : {&Rows::find_what, &Rows::find_columns}) {
    if (auto ok = (rows.*step)(); !ok) return ok.error();
  }
  return rows;
}

Result<void> Rows::find_what() {
  if (auto begun = database_->run("BEGIN"); !begun) return begun;
  // The moment is that of the first that is read.
  auto looked = database_->number("SELECT count(*) FROM sqlite_schema");
  if (!looked) return std::move(looked).error();
  if (reading_.query.has_value()) return {};
  auto kind = database_->prepare("SELECT type FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND "
                                 "type IN ('table', 'view')");
  if (!kind) return std::move(kind).error();
  kind->bind(1, *reading_.table);
  auto there = kind->step();
  if (!there) return std::move(there).error();
  if (*there) return kind->text(0) == "table" ? find_rowid() : Result<void>();
  auto names = database_->tables();
  if (!names) return std::move(names).error();
  std::string near = near_name(*names, *reading_.table);
  Fields listing;
  for (const std::string& name : *names) listing.push_back({name});
  return invalid(reading_.path + ": has no table " + *reading_.table +
                 (near.empty() ? "" : " (did you mean " + near + "?)") + ": it has " +
                 (listing.empty() ? "none" : listed(listing)));
}

// A table may have columns with the names of its rowid, but for all three.
Result<void> Rows::find_rowid() {
  auto columns = columns_of(*database_, "main", *reading_.table);
  if (!columns) return std::move(columns).error();
  for (const char* name : {"rowid", "_rowid_", "oid"}) {
    bool taken = std::any_of((*columns)->begin(), (*columns)->end(),
                             [&](const TableColumn& column) { return same_name(column.name, name); });
    if (taken) continue;
    // Of a table WITHOUT ROWID there is no such column.
    if (database_->prepare(std::string("SELECT ") + name + " FROM " + sql_name(*reading_.table))) rowid_ = name;
    return {};
  }
  return {};
}

Result<void> Rows::find_columns() {
  auto all = database_->prepare(!reading_.query ? "SELECT * FROM " + sql_name(*reading_.table) : *reading_.query);
  if (!all) return std::move(all).error().in(!reading_.query ? "table " + *reading_.table : "query");
  bool query = reading_.query.has_value();
  if (query && (!all->get() || sqlite3_column_count(all->get()) == 0 || !sqlite3_stmt_readonly(all->get()) || !all->whole())) {
    return invalid(reading_.path + ": the query is not a single SELECT: write one");
  }
  std::optional<TableColumns> known;
  if (has_rowid()) {
    auto columns = columns_of(*database_, "main", *reading_.table);
    if (!columns) return std::move(columns).error();
    known = std::move(*columns);
  }
  for (int i = 0; i < sqlite3_column_count(all->get()); ++i) {
    ReadColumn column{{text_or_empty(sqlite3_column_name(all->get(), i)), ColumnType::F64, true}, i, false};
    for (const ReadColumn& other : columns_) {
      if (other.field.name != column.field.name) continue;
      return invalid(reading_.path + ": the query gives two columns called " + column.field.name +
                     ": name one of them otherwise, with AS");
    }
    for (const TableColumn& one : known.value_or(TableColumns())) {
      if (one.name == column.field.name && one.not_null) column.field.nullable = false;
    }
    columns_.push_back(column);
    declared_.push_back(text_or_empty(sqlite3_column_decltype(all->get(), i)));
  }
  if (auto are = types_are_columns(); !are) return are;
  return find_types(*all);
}

Result<void> Rows::types_are_columns() const {
  Fields fields;
  for (const ReadColumn& column : columns_) fields.push_back(column.field);
  for (const auto& [name, type] : reading_.types) {
    if (find_field(fields, name)) continue;
    std::string near = nearest_name(fields, name);
    return invalid(reading_.path + ": types names column " + name + ", which is not there" +
                   (near.empty() ? "" : " (did you mean " + near + "?)") + ": there are " + listed(fields));
  }
  return {};
}

Result<void> Rows::find_types(Statement& all) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto given = reading_.types.find(columns_[i].field.name);
    auto declared = type_of(declared_[i]);
    columns_[i].given = given != reading_.types.end();
    if (columns_[i].given) {
      columns_[i].field.type = given->second;
    } else if (declared && *declared != ColumnType::TIMESTAMP) {
      columns_[i].field.type = *declared;
    } else {
      open.push_back(i);
    }
  }
  if (open.empty()) return {};
  auto found = seen(all, open);
  if (!found) return std::move(found).error();
  for (std::size_t i = 0; i < open.size(); ++i) {
    ReadColumn& column = columns_[open[i]];
    std::string words = declared_[open[i]];
    for (char& c : words) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    auto type = type_by_cells(reading_.path + ": column " + column.field.name, words, (*found)[i]);
    if (!type) return std::move(type).error();
    column.field.type = *type;
  }
  return {};
}

Result<std::vector<Seen>> Rows::seen(Statement& all, const std::vector<std::size_t>& columns) {
  std::vector<Seen> found(columns.size());
  for (int row = 0; row < kLookedAt; ++row) {
    auto more = all.step();
    if (!more) return std::move(more).error();
    if (!*more) break;
    for (std::size_t i = 0; i < columns.size(); ++i) found[i].add(all.get(), columns_[columns[i]].at);
  }
  return found;
}

void Rows::narrow(const Fields& columns) {
  std::erase_if(columns_, [&](const ReadColumn& column) { return !find_field(columns, column.field.name); });
}

// A query stays as it is: around another one its order would not hold.
std::string Rows::selection(bool after) const {
  std::string columns = rowid_;
  for (const ReadColumn& column : columns_) columns += (columns.empty() ? "" : ", ") + sql_name(column.field.name);
  std::string from = "SELECT " + columns + " FROM " + sql_name(*reading_.table);
  if (after) from += " WHERE " + rowid_ + " > ?";
  return has_rowid() ? from + " ORDER BY " + rowid_ : from;
}

Result<void> Rows::select_after(const Place& place) {
  bool query = reading_.query.has_value();
  bool after = has_rowid() && place.row > 0;
  auto made = database_->prepare(query ? *reading_.query : selection(after));
  if (!made) return std::move(made).error();
  statement_ = std::move(*made);
  for (std::size_t i = 0; !query && i < columns_.size(); ++i) columns_[i].at = static_cast<int>(i + has_rowid());
  if (after) statement_.bind(1, place.rowid);
  if (has_rowid()) return {};
  for (std::uint64_t row = 0; row < place.row; ++row) {
    auto more = statement_.step();
    if (!more) return std::move(more).error();
    if (!*more) return invalid(reading_.path + ": the position " + std::to_string(place.row) + " is beyond its end: begin again");
  }
  return {};
}

std::int64_t Rows::rowid() const { return has_rowid() ? statement_.integer(0) : 0; }

}  // namespace leat::sqlite
