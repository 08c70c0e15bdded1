#include <leat/graph/stream.hpp>

#include <leat/chunk/gather.hpp>

#include <xxhash.h>

namespace leat {
namespace {

// Equal for equal keys: all nulls are one key, and so are 0 and -0.
std::uint64_t cell_hash(const Table& table, std::size_t column, std::size_t row) {
  if (!table.valid(column, row)) return 0;
  ColumnType type = table.type(column);
  if (type == ColumnType::F64 || type == ColumnType::F32 || type == ColumnType::F16) {
    double number = table.number(column, row) + 0.0;
    return XXH3_64bits(&number, sizeof number);
  }
  if (type == ColumnType::TEXT || type == ColumnType::BYTES) {
    auto text = table.text(column, row);
    return XXH3_64bits(text.data(), text.size());
  }
  std::size_t width = cell_bytes(type);
  return XXH3_64bits(table.cells(column) + row * width, width);
}

// Adds rows of a table for one replica, in pieces that pin no more memory than the table: they carry
// row numbers, which may make them larger, and credit must have room for each.
void add_pieces(Pool& pool, const Table& table, std::span<const std::uint32_t> rows,
                std::size_t replica, std::vector<std::pair<std::size_t, Chunk>>& to) {
  Chunk piece = select_rows(pool, table, rows).chunk();
  if (piece.footprint() <= table.chunk().footprint() || rows.size() == 1) {
    to.emplace_back(replica, std::move(piece));
    return;
  }
  piece = Chunk();
  add_pieces(pool, table, rows.first(rows.size() / 2), replica, to);
  add_pieces(pool, table, rows.subspan(rows.size() / 2), replica, to);
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
      std::size_t replica = replica_of(key_group(cell_hash(table, *column, row)), replicas);
      rows[replica].push_back(row);
    }
    for (std::size_t replica = 0; replica < replicas; ++replica) {
      if (rows[replica].empty()) continue;
      if (rows[replica].size() == table.rows()) {
        to.emplace_back(replica, chunk);
      } else {
        add_pieces(pool, table, rows[replica], replica, to);
      }
    }
    return {};
  };
}

}  // namespace streams

}  // namespace leat
