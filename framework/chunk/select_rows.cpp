#include <leat/chunk/table_builder.hpp>

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

template <class T>
void gather(std::byte* to, const std::byte* from, std::span<const std::uint32_t> positions) {
  auto* out = reinterpret_cast<T*>(to);
  auto* in = reinterpret_cast<const T*>(from);
  for (std::size_t i = 0; i < positions.size(); ++i) out[i] = in[positions[i]];
}

void gather_cells(std::size_t width, std::byte* to, const std::byte* from,
                  std::span<const std::uint32_t> positions) {
  switch (width) {
    case 8: return gather<std::uint64_t>(to, from, positions);
    case 4: return gather<std::uint32_t>(to, from, positions);
    case 2: return gather<std::uint16_t>(to, from, positions);
    default: return gather<std::uint8_t>(to, from, positions);
  }
}

// What a column's texts will take; those of a dictionary no more than they take in `table`.
std::size_t text_bytes(const Table& table, std::size_t column,
                       std::span<const std::uint32_t> positions) {
  std::size_t bytes = 0;
  for (std::uint32_t row : positions) bytes += table.text(column, row).size();
  if (!table.has_dictionary(column)) return bytes;
  return std::min<std::size_t>(bytes, table.chunk().root<schema::Table>().getHeapSize());
}

std::size_t raw_bytes(const Table& table, std::size_t column, std::span<const std::uint32_t> positions) {
  std::size_t bytes = 0;
  for (std::uint32_t row : positions) bytes += table.raw(column, row).size();
  return bytes;
}

}  // namespace

Table select_rows(Pool& pool, const Table& table, std::span<const std::uint32_t> positions) {
  std::size_t rows = table.rows();
  for (std::uint32_t position : positions) {
    if (position >= rows) misuse::no_row(position, rows);
  }
  Fields fields = table.fields();
  TableRoom room{.rows = positions.size(), .row_numbers = true, .lines = table.lines() != nullptr};
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (in_heap(fields[c].type)) room.heap += text_bytes(table, c, positions);
    if (fields[c].raw) room.heap += raw_bytes(table, c, positions);
  }
  TableBuilder builder(pool, fields, room);
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (in_heap(fields[c].type)) {
      for (std::size_t i = 0; i < positions.size(); ++i) builder.put(c, i, table.text(c, positions[i]));
    } else {
      gather_cells(cell_bytes(fields[c].type), builder.raw_cells(c), table.cells(c), positions);
    }
    for (std::size_t i = 0; fields[c].raw && i < positions.size(); ++i) builder.put_raw(c, i, table.raw(c, positions[i]));
    if (!fields[c].nullable) continue;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      if (!table.valid(c, positions[i])) builder.set_null(c, i);
    }
  }
  std::uint64_t* numbers = builder.row_numbers();
  const std::uint64_t* known = table.row_numbers();
  std::uint64_t from = table.first_row();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    numbers[i] = known ? known[positions[i]] : from + positions[i];
  }
  for (std::size_t i = 0; room.lines && i < positions.size(); ++i) builder.lines()[i] = table.lines()[positions[i]];
  std::uint64_t first = positions.empty() ? from : numbers[0];
  bool moves = table.first_line() > 0 && !room.lines;
  return std::move(builder).finish(positions.size(), first, table.first_line() + (moves ? first - from : 0));
}

}  // namespace leat
