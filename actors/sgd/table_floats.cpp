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

void TableFloats::read(const NumberColumns& found, std::size_t count, std::size_t rows, std::span<const double> shifts,
                       const std::vector<std::uint32_t>* whole) {
  if (whole) rows = whole->size();
  auto as_it_lies = [&](std::size_t i) { return !whole && found.types()[i] == ColumnType::F32; };
  columns_.cells.resize(count);
  columns_.shifts.resize(count);
  std::size_t converted = 0;
  for (std::size_t i = 0; i < count; ++i) converted += !as_it_lies(i);
  if (converted > 0 && converted_.size() < converted * lines(rows) + 16)
    converted_.resize(converted * lines(rows) + 16);
  float* to = aligned(converted_);
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* cells = found.places()[i].cells;
    if (as_it_lies(i)) {
      columns_.cells[i] = reinterpret_cast<const float*>(cells);
      columns_.shifts[i] = static_cast<float>(shifts[i]);
      continue;
    }
    with_cells(found.types()[i], cells, [&](auto* numbers) {
      if (whole) {
        some(numbers, *whole, shifts[i], to);
      } else {
        centred(numbers, rows, shifts[i], to);
      }
    });
    columns_.cells[i] = to;
    columns_.shifts[i] = 0;
    to += lines(rows);
  }
}

}  // namespace leat
