/// Tables with a column of every type, and databases, for tests of what reads and writes SQLite and table files.
#pragma once

#include <leat/actors/sqlite/database.hpp>
#include <leat/chunk/table_builder.hpp>

#include <sqlite3.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace leat::tests {

inline Fields every_type() {
  return {{"d", ColumnType::F64, true},  {"f", ColumnType::F32, true},   {"h", ColumnType::F16, true},
          {"n", ColumnType::I64, true},  {"i", ColumnType::I32, true},   {"b", ColumnType::BOOL, true},
          {"t", ColumnType::TEXT, true}, {"c", ColumnType::TEXT, true, true}, {"y", ColumnType::BYTES, true},
          {"at", ColumnType::TIMESTAMP, true}};
}

/// Five rows, of which the third is null throughout: extremes, empty texts, NUL bytes.
inline Table all_types(Pool& pool, std::uint64_t first_row = 0) {
  TableBuilder builder(pool, every_type(), {.rows = 5, .heap = 400});
  double doubles[] = {0.1, -1e308, 0, std::numeric_limits<double>::infinity(), 5e-324};
  float floats[] = {0.1f, std::numeric_limits<float>::max(), 0, -std::numeric_limits<float>::infinity(), 1e-45f};
  float halves[] = {0.5f, 65504.f, 0, -2.f, 6e-8f};
  std::int64_t longs[] = {0, std::numeric_limits<std::int64_t>::max(), 0, std::numeric_limits<std::int64_t>::min(), -1};
  std::int32_t ints[] = {0, std::numeric_limits<std::int32_t>::max(), 0, std::numeric_limits<std::int32_t>::min(), -1};
  std::int64_t times[] = {0, std::numeric_limits<std::int64_t>::max(), 0, std::numeric_limits<std::int64_t>::min(), 1'500'000'001};
  std::string_view texts[] = {"", "plain", "", "gr\xc3\xbc\xc3\x9f \"quoted\"", std::string_view("a\0b", 3)};
  std::string_view bytes[] = {"", std::string_view("\0\xff\x80", 3), "", "x", std::string_view("\0", 1)};
  for (std::size_t row = 0; row < 5; ++row) {
    builder.cells<double>(0)[row] = doubles[row];
    builder.cells<float>(1)[row] = floats[row];
    builder.cells<Eigen::half>(2)[row] = Eigen::half(halves[row]);
    builder.cells<std::int64_t>(3)[row] = longs[row];
    builder.cells<std::int32_t>(4)[row] = ints[row];
    builder.cells<std::uint8_t>(5)[row] = row % 2;
    builder.put(6, row, texts[row]);
    builder.put(7, row, row % 2 ? "odd" : "even");
    builder.put(8, row, bytes[row]);
    builder.cells<std::int64_t>(9)[row] = times[row];
  }
  for (std::size_t column = 0; column < 10; ++column) builder.set_null(column, 2);
  return std::move(builder).finish(5, first_row);
}

/// Every cell as text, rows with '\n', cells with '|'; NUL as "\\0".
inline std::string shown(const Table& table) {
  std::string all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t i = 0; i < table.columns(); ++i) {
      if (i) all += '|';
      if (!table.valid(i, row)) {
        all += "null";
      } else if (in_heap(table.type(i))) {
        for (char c : table.text(i, row)) all += c ? std::string(1, c) : "\\0";
      } else if (table.type(i) == ColumnType::I64 || table.type(i) == ColumnType::TIMESTAMP) {
        all += std::to_string(table.values<std::int64_t>(i)[static_cast<Eigen::Index>(row)]);
      } else {
        char text[40];
        std::snprintf(text, sizeof text, "%.17g", table.number(i, row));
        all += text;
      }
    }
    all += '\n';
  }
  return all;
}

inline std::string shown(const std::vector<Chunk>& chunks) {
  std::string all;
  for (const Chunk& chunk : chunks) all += shown(Table(chunk));
  return all;
}

/// Runs statements in a database, made where it is not there.
inline void run_sql(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  BOOST_REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  char* why = nullptr;
  bool ran = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &why) == SQLITE_OK;
  BOOST_REQUIRE_MESSAGE(ran, (why ? why : "") + std::string(": ") + sql);
  sqlite3_close(database);
}

/// What a SELECT gives: cells with '|', rows with '\n'.
inline std::string asked(const std::string& path, const std::string& sql) {
  auto database = sqlite::Database::open(path, sqlite::Opening::to_read, 0);
  if (!database) return database.error().sentence;
  auto statement = database->prepare(sql);
  if (!statement) return statement.error().sentence;
  std::string all;
  while (true) {
    auto row = statement->step();
    if (!row) return row.error().sentence;
    if (!*row) return all;
    for (int i = 0; i < sqlite3_column_count(statement->get()); ++i) all += (i ? "|" : "") + statement->text(i);
    all += '\n';
  }
}

/// Has a database locked for as long as it lives, as another process has.
class Locking {
 public:
  explicit Locking(const std::string& path) {
    BOOST_REQUIRE(sqlite3_open(path.c_str(), &database_) == SQLITE_OK);
    BOOST_REQUIRE(sqlite3_exec(database_, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  ~Locking() { sqlite3_close(database_); }
  Locking(const Locking&) = delete;
  Locking& operator=(const Locking&) = delete;

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace leat::tests
