#include <leat/graph/stream.hpp>

#include <leat/chunk/table_builder.hpp>

#include <xxhash.h>

namespace leat {
namespace {

std::uint64_t cell_hash(const Table& table, std::size_t column, std::size_t row) {
  ColumnType type = table.type(column);
  if (type == ColumnType::TEXT || type == ColumnType::BYTES) {
    auto text = table.text(column, row);
    return XXH3_64bits(text.data(), text.size());
  }
  std::size_t width = cell_bytes(type);
  return XXH3_64bits(table.cells(column) + row * width, width);
}

}  // namespace

namespace streams {

Splitter column_splitter(std::string name) {
  return [name = std::move(name)](Pool& pool, const Chunk& chunk, std::size_t replicas,
                                  auto& to) -> Result<void> {
    Table table(chunk);
    auto column = table.find(name);
    if (!column) {
      return invalid("the stream is keyed by column " + name + ", which it does not have: it has " +
                     listed(table.fields()));
    }
    std::vector<std::vector<std::uint32_t>> rows(replicas);
    for (std::uint32_t row = 0; row < table.rows(); ++row) {
      std::size_t replica = cell_hash(table, *column, row) % replicas;
      rows[replica].push_back(row);
    }
    for (std::size_t replica = 0; replica < replicas; ++replica) {
      if (rows[replica].empty()) continue;
      to.emplace_back(replica, select_rows(pool, table, rows[replica]).chunk());
    }
    return {};
  };
}

}  // namespace streams

End End::isolated() const {
  Graph graph = graph_;
  graph.stage(stage_).isolated = true;
  return *this;
}

End End::blocking() const {
  Graph graph = graph_;
  graph.stage(stage_).isolated = graph.stage(stage_).blocking = true;
  return *this;
}

End End::state(std::uint64_t bytes) const {
  Graph graph = graph_;
  graph.stage(stage_).state = bytes;
  return *this;
}

}  // namespace leat
