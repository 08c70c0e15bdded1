#include <leat/actors/sqlite/insert.hpp>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/values.hpp>

#include <sqlite3.h>

#include <cmath>

namespace leat::sqlite {

// Where a column's cells lie, looked up once a table.
struct Insert::Column {
  ColumnType type = ColumnType::F64;
  const std::byte* cells = nullptr;
  const std::uint8_t* validity = nullptr;
  const Span* dictionary = nullptr;
  const char* heap = nullptr;

  template <class T>
  T value(std::size_t row) const { return reinterpret_cast<const T*>(cells)[row]; }
  bool valid(std::size_t row) const { return !validity || (validity[row / 8] >> (row % 8) & 1) != 0; }
  std::string_view text(std::size_t row) const {
    Span span = dictionary ? dictionary[value<std::int32_t>(row)] : value<Span>(row);
    return {heap + span.offset, span.length};
  }
};

Insert::Column Insert::column_of(const Table& table, std::size_t at) {
  auto root = table.chunk().root<schema::Table>();
  auto body = root.getBody().begin();
  auto column = root.getColumns()[static_cast<capnp::uint>(at)];
  Column made{table.type(at), table.cells(at), table.validity(at), nullptr, nullptr};
  made.heap = reinterpret_cast<const char*>(body + root.getHeap());
  if (column.getDictionary() != 0) made.dictionary = reinterpret_cast<const Span*>(body + column.getDictionary());
  return made;
}

Result<void> Insert::prepare(Database& database, const std::string& table, const Fields& columns,
                             NotNumbers not_numbers) {
  std::string names;
  std::string places;
  for (const Field& field : columns) {
    names += (names.empty() ? "" : ", ") + sql_name(field.name);
    places += places.empty() ? "?" : ", ?";
  }
  auto made = database.prepare("INSERT INTO " + sql_name(table) + " (" + names + ") VALUES (" + places + ")");
  if (!made) return std::move(made).error();
  statement_ = std::move(*made);
  choice_ = not_numbers;
  written_.assign(columns.size(), {});
  return {};
}

Result<void> Insert::rows(const Table& table) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < table.columns(); ++i) columns.push_back(column_of(table, i));
  std::size_t rows = table.rows();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (auto ok = bind(table, columns[i], i, row); !ok) return ok;
    }
    auto put = statement_.step();
    statement_.reset();
    if (!put) return std::move(put).error();
  }
  return {};
}

Result<void> Insert::bind(const Table& table, const Column& column, std::size_t at, std::size_t row) {
  sqlite3_stmt* to = statement_.get();
  int place = static_cast<int>(at) + 1;
  if (!column.valid(row)) {
    sqlite3_bind_null(to, place);
    return {};
  }
  switch (column.type) {
    case ColumnType::F64: return bind_real(table, at, row, column.value<double>(row));
    case ColumnType::F32: return bind_real(table, at, row, column.value<float>(row));
    case ColumnType::F16: return bind_real(table, at, row, static_cast<float>(column.value<Eigen::half>(row)));
    case ColumnType::I64: sqlite3_bind_int64(to, place, column.value<std::int64_t>(row)); break;
    case ColumnType::I32: sqlite3_bind_int(to, place, column.value<std::int32_t>(row)); break;
    case ColumnType::BOOL: sqlite3_bind_int(to, place, column.value<std::uint8_t>(row)); break;
    case ColumnType::TIMESTAMP: bind_timestamp(at, column.value<std::int64_t>(row)); break;
    case ColumnType::BYTES: {
      std::string_view bytes = column.text(row);
      // Without an address it would be NULL.
      sqlite3_bind_blob64(to, place, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
      break;
    }
    default: return bind_text(table, at, row, column.text(row));
  }
  return {};
}

Result<void> Insert::bind_real(const Table& table, std::size_t at, std::size_t row, double value) {
  if (std::isnan(value)) {
    if (choice_ == NotNumbers::fail) {
      return corrupt("column " + std::string(table.name(at)) + ", row " + std::to_string(table.row_number(row) + 1) +
                     ", is no number (NaN), which SQLite does not have: leave such rows out, or have them written as "
                     "NULL with not_numbers = \"null\"");
    }
    ++not_numbers_;
    sqlite3_bind_null(statement_.get(), static_cast<int>(at) + 1);
    return {};
  }
  if (value == 0 && std::signbit(value)) ++negative_zeros_;
  sqlite3_bind_double(statement_.get(), static_cast<int>(at) + 1, value);
  return {};
}

Result<void> Insert::bind_text(const Table& table, std::size_t at, std::size_t row, std::string_view text) {
  if (!csv::is_utf8(text)) {
    return corrupt("column " + std::string(table.name(at)) + ", row " + std::to_string(table.row_number(row) + 1) +
                   ", holds a text that is not UTF-8: give the column the type bytes, or leave it out");
  }
  sqlite3_bind_text64(statement_.get(), static_cast<int>(at) + 1, text.empty() ? "" : text.data(), text.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
  return {};
}

void Insert::bind_timestamp(std::size_t at, std::int64_t nanoseconds) {
  std::string& text = written_[at];
  text.clear();
  csv::append_timestamp(text, nanoseconds);
  sqlite3_bind_text64(statement_.get(), static_cast<int>(at) + 1, text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

}  // namespace leat::sqlite
