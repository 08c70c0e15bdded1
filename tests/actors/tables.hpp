/// Small tables for tests of actors, and folds run as a job would run them.
///
///   auto table = leat::tests::table_of(*pool, {{"x", {1, 2, {}}}, {"y", {4, 5, 6}, ColumnType::F32}});
#pragma once

#include <leat/actor/recording_outbox.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/graph/kind.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leat::tests {

struct SampleColumn {
  std::string name;
  std::vector<std::optional<double>> cells;
  ColumnType type = ColumnType::F64;
};

inline void put(TableBuilder& builder, const SampleColumn& column, std::size_t at, std::size_t row) {
  double value = column.cells[row].value_or(0);
  switch (column.type) {
    case ColumnType::F64: builder.cells<double>(at)[row] = value; break;
    case ColumnType::F32: builder.cells<float>(at)[row] = static_cast<float>(value); break;
    case ColumnType::F16: builder.cells<Eigen::half>(at)[row] = Eigen::half(value); break;
    case ColumnType::I64:
    case ColumnType::TIMESTAMP:
      builder.cells<std::int64_t>(at)[row] = static_cast<std::int64_t>(value);
      break;
    case ColumnType::I32:
      builder.cells<std::int32_t>(at)[row] = static_cast<std::int32_t>(value);
      break;
    case ColumnType::BOOL: builder.cells<std::uint8_t>(at)[row] = value != 0; break;
    default: builder.put(at, row, std::to_string(value)); break;
  }
  if (!column.cells[row]) builder.set_null(at, row);
}

inline Table table_of(Pool& pool, const std::vector<SampleColumn>& columns, std::uint64_t first_row = 0) {
  Fields fields;
  for (const SampleColumn& column : columns) {
    bool nullable = false;
    for (auto& cell : column.cells) nullable = nullable || !cell;
    fields.push_back({column.name, column.type, nullable});
  }
  std::size_t rows = columns[0].cells.size();
  TableBuilder builder(pool, fields, {.rows = rows, .heap = 64 * rows});
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t row = 0; row < rows; ++row) put(builder, columns[i], i, row);
  }
  return std::move(builder).finish(rows, first_row);
}

/// The rows of `columns` cut into chunks at the given rising positions.
inline std::vector<Chunk> cut(Pool& pool, const std::vector<SampleColumn>& columns,
                              std::vector<std::size_t> at) {
  std::vector<Chunk> chunks;
  at.push_back(columns[0].cells.size());
  std::size_t from = 0;
  for (std::size_t to : at) {
    if (to <= from) continue;
    std::vector<SampleColumn> part = columns;
    for (std::size_t i = 0; i < part.size(); ++i) {
      auto begin = columns[i].cells.begin();
      part[i].cells.assign(begin + static_cast<std::ptrdiff_t>(from),
                           begin + static_cast<std::ptrdiff_t>(to));
    }
    chunks.push_back(table_of(pool, part, from).chunk());
    from = to;
  }
  return chunks;
}

/// The description of tables with these fields.
inline Description describing(const Table& table) {
  Description made;
  made.fields = table.fields();
  return made;
}

/// A combinable fold: chunk i goes to replica i % replicas, and the partials are combined.
inline Result<Chunk> fold(const StageKind& kind, const std::vector<Chunk>& chunks,
                          std::size_t replicas, RecordingOutbox& out) {
  std::vector<Chunk> partials;
  for (std::size_t replica = 0; replica < replicas; ++replica) {
    std::vector<Chunk> share;
    for (std::size_t i = replica; i < chunks.size(); i += replicas) share.push_back(chunks[i]);
    out.emitted.clear();
    if (auto fed = feed(*kind.actor({replica, replicas, {}}), share, out); !fed) return fed.error();
    partials.insert(partials.end(), out.emitted.begin(), out.emitted.end());
  }
  out.emitted.clear();
  if (auto fed = feed(*kind.combine->actor({}), partials, out); !fed) return fed.error();
  return out.emitted.at(0);
}

/// The sentence of an error, or "" where there is none.
template <class T>
std::string sentence(const Result<T>& result) {
  return result ? "" : result.error().sentence;
}

/// Says whether a sentence holds all of these.
inline bool says(const std::string& sentence, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    if (sentence.find(part) != std::string::npos) continue;
    BOOST_TEST_MESSAGE("'" + sentence + "' does not say '" + part + "'");
    return false;
  }
  return true;
}

}  // namespace leat::tests
