// Seeded rows of every type, with all that is odd, as plain values: what references are made of.
#pragma once

#include <boost/test/unit_test.hpp>

#include <leat/actor/recording_outbox.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/graph/kind.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <malloc.h>

namespace leat::tests {

using Value = std::optional<std::variant<std::int64_t, double, std::string>>;
using Row = std::vector<Value>;

/// SeededRows and what their columns are called; row i has number i.
struct SeededRows {
  Fields fields;
  std::vector<Row> rows;
};

/// The order that actors promise: NaN after all numbers, nulls last, -0 as 0.
inline bool value_less(const Value& a, const Value& b) {
  if (!a || !b) return a.has_value() > b.has_value();
  if (auto* x = std::get_if<double>(&*a)) {
    double y = std::get<double>(*b);
    if (std::isnan(*x) || std::isnan(y)) return !std::isnan(*x) && std::isnan(y);
    return *x < y;
  }
  return *a < *b;
}
struct RowLess {
  bool operator()(const Row& a, const Row& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), value_less);
  }
};

/// Each value to the bit, but all NaN alike.
inline std::string shown(const Value& value) {
  if (!value) return "null";
  if (auto* whole = std::get_if<std::int64_t>(&*value)) return std::to_string(*whole);
  if (auto* text = std::get_if<std::string>(&*value)) return "'" + *text + "'";
  double number = std::get<double>(*value);
  char digits[64];
  std::snprintf(digits, sizeof digits, "%a", number);
  return std::isnan(number) ? "nan" : digits;
}
inline std::string shown(const Row& row) {
  std::string all;
  for (const Value& value : row) all += shown(value) + " ";
  return all;
}

inline void put(TableBuilder& builder, const Field& field, std::size_t column, std::size_t row, const Value& value) {
  if (!value) return builder.set_null(column, row);
  auto whole = [&] { return std::get<std::int64_t>(*value); };
  auto real = [&] { return std::get<double>(*value); };
  switch (field.type) {
    case ColumnType::F64: builder.cells<double>(column)[row] = real(); break;
    case ColumnType::F32: builder.cells<float>(column)[row] = static_cast<float>(real()); break;
    case ColumnType::F16: builder.cells<Eigen::half>(column)[row] = Eigen::half(static_cast<float>(real())); break;
    case ColumnType::I32: builder.cells<std::int32_t>(column)[row] = static_cast<std::int32_t>(whole()); break;
    case ColumnType::BOOL: builder.cells<std::uint8_t>(column)[row] = static_cast<std::uint8_t>(whole()); break;
    case ColumnType::I64:
    case ColumnType::TIMESTAMP: builder.cells<std::int64_t>(column)[row] = whole(); break;
    default: builder.put(column, row, std::get<std::string>(*value)); break;
  }
}

inline Value value_of(const Table& table, std::size_t column, std::size_t row) {
  if (!table.valid(column, row)) return {};
  switch (table.type(column)) {
    case ColumnType::F64: return table.values<double>(column)[static_cast<Eigen::Index>(row)];
    case ColumnType::F32:
    case ColumnType::F16: return table.number(column, row);
    case ColumnType::I32:
    case ColumnType::BOOL: return static_cast<std::int64_t>(table.number(column, row));
    case ColumnType::I64:
    case ColumnType::TIMESTAMP: return table.values<std::int64_t>(column)[static_cast<Eigen::Index>(row)];
    default: return std::string(table.text(column, row));
  }
}

/// SeededRows [from, to) as a Table.
inline Table table_of(Pool& pool, const SeededRows& rows, std::size_t from, std::size_t to) {
  TableRoom room{.rows = to - from};
  for (std::size_t row = from; row < to; ++row) {
    for (const Value& value : rows.rows[row]) {
      if (value && std::holds_alternative<std::string>(*value)) room.heap += std::get<std::string>(*value).size();
    }
  }
  TableBuilder builder(pool, rows.fields, room);
  for (std::size_t row = from; row < to; ++row) {
    for (std::size_t column = 0; column < rows.fields.size(); ++column) {
      put(builder, rows.fields[column], column, row - from, rows.rows[row][column]);
    }
  }
  return std::move(builder).finish(to - from, from);
}

/// All rows, in chunks of some random sizes.
inline std::vector<Chunk> cut(Pool& pool, const SeededRows& rows, std::mt19937& random, std::size_t largest) {
  std::vector<Chunk> chunks;
  for (std::size_t from = 0; from < rows.rows.size();) {
    std::size_t to = std::min(rows.rows.size(), from + 1 + random() % largest);
    chunks.push_back(table_of(pool, rows, from, to).chunk());
    from = to;
  }
  return chunks;
}

inline std::vector<Row> rows_of(const std::vector<Chunk>& chunks) {
  std::vector<Row> rows;
  for (const Chunk& chunk : chunks) {
    Table table(chunk);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      rows.emplace_back();
      for (std::size_t column = 0; column < table.columns(); ++column) {
        rows.back().push_back(value_of(table, column, row));
      }
    }
  }
  return rows;
}

/// Values of a type among which there are few, with all that is odd; `spread`: how many there are.
inline Value some_value(ColumnType type, std::mt19937& random, std::size_t spread) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  if (random() % 7 == 0) return {};
  auto which = static_cast<std::int64_t>(random() % spread);
  switch (type) {
    case ColumnType::I32: return which - 3;
    case ColumnType::BOOL: return which % 2;
    case ColumnType::I64:
    case ColumnType::TIMESTAMP: return which == 0 ? std::numeric_limits<std::int64_t>::min() : (which - 2) * 1000000007;
    case ColumnType::TEXT: {
      if (which == 0) return std::string();
      if (which == 1) return std::string("a\0b", 3);
      auto length = static_cast<std::size_t>(which * 5 % 40);
      return std::string(length, static_cast<char>('a' + which % 26)) + std::to_string(which);
    }
    default: break;
  }
  if (which < 4) return std::vector<double>{0.0, -0.0, kNan, -kNan}[static_cast<std::size_t>(which)];
  if (type == ColumnType::F16) return static_cast<double>(which % 1000) / 4;
  if (type != ColumnType::F64) return static_cast<double>(which) / 4;
  if (which % 11 == 5) return which % 2 ? 1e300 : -1e-300;
  return static_cast<double>(which - 9) * 0.1;
}

/// SeededRows of every type: i32 i64 f64 f32 f16 bool text dict time.
inline SeededRows seeded_rows(std::size_t count, std::uint32_t seed, std::size_t spread) {
  SeededRows made;
  made.fields = {{"i32", ColumnType::I32, true},   {"i64", ColumnType::I64, true}, {"f64", ColumnType::F64, true},
                 {"f32", ColumnType::F32, true},   {"f16", ColumnType::F16, true}, {"bool", ColumnType::BOOL, true},
                 {"text", ColumnType::TEXT, true}, {"dict", ColumnType::TEXT, true, true},
                 {"time", ColumnType::TIMESTAMP, true}};
  std::mt19937 random(seed);
  for (std::size_t row = 0; row < count; ++row) {
    made.rows.emplace_back();
    for (const Field& field : made.fields) made.rows.back().push_back(some_value(field.type, random, spread));
  }
  return made;
}

/// Bytes that an actor allocates while it takes chunks, and those it charges to its budget. (0 under a sanitizer.)
inline std::pair<std::uint64_t, std::uint64_t> allocated_and_charged(Pool& pool, const StageKind& kind,
                                                                     const std::vector<Chunk>& chunks) {
  auto allocated = [] { return mallinfo2().uordblks + mallinfo2().hblkhd; };
  RecordingOutbox out(pool);
  std::uint64_t before = allocated();
  auto actor = kind.actor({});
  for (const Chunk& chunk : chunks) BOOST_REQUIRE(feed_one(*actor, chunk, out).ok());
  BOOST_TEST(out.emitted.empty());
  std::uint64_t after = allocated();
  return {after > before ? after - before : 0, out.budget().held()};
}

/// What a fold and what combines it make of chunks, dealt to so many replicas; both with the budgets and the room
/// they describe.
struct Folded {
  Result<void> ok;
  std::vector<Chunk> chunks;
  std::size_t parts = 0;
};
inline Folded folded(Pool& pool, const StageKind& kind, const std::vector<Chunk>& chunks, const Fields& fields,
                     std::size_t replicas) {
  Description rows;
  rows.fields = fields;
  rows.max_chunk = 0;
  for (const Chunk& chunk : chunks) rows.max_chunk = std::max<std::uint64_t>(rows.max_chunk, chunk.footprint());
  auto described = kind.describe({rows});
  if (!described) return {described.error(), {}};
  std::vector<Chunk> parts;
  for (std::size_t replica = 0; replica < replicas; ++replica) {
    RecordingOutbox out(pool, described->needs.state);
    std::vector<Chunk> share;
    for (std::size_t i = replica; i < chunks.size(); i += replicas) share.push_back(chunks[i]);
    if (auto fed = feed(*kind.actor({replica, replicas, {rows}}), share, out); !fed) return {fed.error(), {}};
    parts.insert(parts.end(), out.emitted.begin(), out.emitted.end());
  }
  for (const Chunk& part : parts) BOOST_TEST(part.footprint() <= described->needs.max_output);
  auto combined = kind.combine->describe({described->output});
  if (!combined) return {combined.error(), {}};
  RecordingOutbox out(pool, combined->needs.state);
  std::reverse(parts.begin(), parts.end());
  Folded made{feed(*kind.combine->actor({0, 1, {described->output}}), parts, out), out.emitted, parts.size()};
  for (const Chunk& chunk : made.chunks) BOOST_TEST(chunk.footprint() <= combined->needs.max_output);
  return made;
}

}  // namespace leat::tests
