#include <leat/actors/sgd/table_floats.hpp>

namespace leat {
namespace {

// Columns begin at cache lines.
std::size_t lines(std::size_t rows) {
  return (rows + 15) / 16 * 16;
}

float* aligned(std::vector<float>& cells) {
  return reinterpret_cast<float*>((reinterpret_cast<std::uintptr_t>(cells.data()) + 63) / 64 * 64);
}

template <class T> void some(const T* cells, const std::vector<std::uint32_t>& rows, double shift, float* to) {
  for (std::size_t i = 0; i < rows.size(); ++i) to[i] = static_cast<float>(static_cast<double>(cells[rows[i]]) - shift);
}

}  // namespace

void TableFloats::read(const Table& table, std::span<const std::size_t> positions, std::span<const double> shifts,
                       const std::vector<std::uint32_t>* whole) {
  std::size_t rows = whole ? whole->size() : table.rows();
  auto as_it_lies = [&](std::size_t i) { return !whole && table.type(positions[i]) == ColumnType::F32; };
  columns_.cells.resize(positions.size());
  columns_.shifts.resize(positions.size());
  std::size_t converted = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) converted += !as_it_lies(i);
  if (converted > 0 && converted_.size() < converted * lines(rows) + 16)
    converted_.resize(converted * lines(rows) + 16);
  float* to = aligned(converted_);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (as_it_lies(i)) {
      columns_.cells[i] = reinterpret_cast<const float*>(table.cells(positions[i]));
      columns_.shifts[i] = static_cast<float>(shifts[i]);
      continue;
    }
    with_cells(table, positions[i], [&](auto* cells) {
      if (whole) {
        some(cells, *whole, shifts[i], to);
      } else {
        centred(cells, rows, shifts[i], to);
      }
    });
    columns_.cells[i] = to;
    columns_.shifts[i] = 0;
    to += lines(rows);
  }
}

}  // namespace leat
