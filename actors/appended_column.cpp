#include <leat/actors/appended_column.hpp>

#include <leat/chunk/table_builder.hpp>

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

void copy_column(const Table& table, const Field& field, std::size_t column, TableBuilder& builder) {
  std::size_t rows = table.rows();
  if (in_heap(field.type)) {
    for (std::size_t row = 0; row < rows; ++row) builder.put(column, row, table.text(column, row));
  } else {
    std::memcpy(builder.raw_cells(column), table.cells(column), rows * cell_bytes(field.type));
  }
  for (std::size_t row = 0; field.raw && row < rows; ++row) builder.put_raw(column, row, table.raw(column, row));
  if (!field.nullable) return;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!table.valid(column, row)) builder.set_null(column, row);
  }
}

// Texts never take more than where they are copied from; the builder adds room for dictionaries.
std::size_t heap_bytes(const Table& table) {
  auto root = table.chunk().root<schema::Table>();
  std::size_t bytes = root.getHeapSize();
  for (auto column : root.getColumns()) bytes -= column.getDictionarySize() * sizeof(Span);
  return bytes;
}

}  // namespace

Table append_column(Pool& pool, const Table& table, const std::string& name,
                    std::span<const double> numbers, const std::vector<std::uint32_t>* valid) {
  Fields fields = table.fields();
  std::size_t last = fields.size();
  std::size_t rows = table.rows();
  fields.push_back({name, ColumnType::F64, valid != nullptr});
  TableRoom room{.rows = rows,
                 .heap = heap_bytes(table),
                 .row_numbers = table.row_numbers() != nullptr,
                 .lines = table.lines() != nullptr};
  TableBuilder builder(pool, fields, room);
  for (std::size_t column = 0; column < last; ++column) {
    copy_column(table, fields[column], column, builder);
  }
  std::copy(numbers.begin(), numbers.end(), builder.cells<double>(last).data());
  if (valid) {
    auto next = valid->begin();
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (next != valid->end() && *next == row) {
        ++next;
      } else {
        builder.set_null(last, row);
      }
    }
  }
  if (room.row_numbers) std::copy_n(table.row_numbers(), rows, builder.row_numbers());
  if (room.lines) std::copy_n(table.lines(), rows, builder.lines());
  return std::move(builder).finish(rows, table.first_row(), table.first_line());
}

}  // namespace leat
