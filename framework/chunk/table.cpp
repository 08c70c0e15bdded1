#include <leat/chunk/table.hpp>

namespace leat {

std::size_t FoundColumn::missing() const { misuse::no_column(Table(table_).fields(), wanted_); }

std::uint64_t Table::row_number(std::size_t row) const {
  expect_row(row);
  const std::uint64_t* numbers = row_numbers();
  return numbers ? numbers[row] : first_row() + row;
}

const std::uint64_t* Table::row_numbers() const {
  auto table = root();
  if (table.getRowNumbers() == 0) return nullptr;
  return reinterpret_cast<const std::uint64_t*>(table.getBody().begin() + table.getRowNumbers());
}

std::uint64_t Table::line(std::size_t row) const {
  expect_row(row);
  if (first_line() == 0) return 0;
  const std::uint32_t* after = lines();
  return first_line() + (after ? after[row] : row_number(row) - first_row());
}

const std::uint32_t* Table::lines() const {
  auto table = root();
  if (table.getLines() == 0) return nullptr;
  return reinterpret_cast<const std::uint32_t*>(table.getBody().begin() + table.getLines());
}

std::string_view Table::name(std::size_t column) const {
  auto text = at(column).getName();
  return {text.begin(), text.size()};
}

FoundColumn Table::find(std::string_view wanted) const {
  auto all = root().getColumns();
  for (capnp::uint i = 0; i < all.size(); ++i) {
    auto text = all[i].getName();
    if (std::string_view(text.begin(), text.size()) == wanted) return FoundColumn(i);
  }
  return {chunk_, wanted};
}

Fields Table::fields() const {
  Fields out;
  for (auto column : root().getColumns()) {
    auto name = column.getName();
    bool nullable = column.getNullable() || column.getValidity() != 0;
    out.push_back({std::string(name.begin(), name.size()), column.getType(), nullable, column.getDictionary() != 0,
                   column.getRaw() != 0});
  }
  return out;
}

double Table::number(std::size_t column, std::size_t row) const {
  auto described = at(column);
  expect_row(row);
  const std::uint8_t* first = root().getBody().begin() + described.getCells();
  switch (described.getType()) {
    case ColumnType::F64: return reinterpret_cast<const double*>(first)[row];
    case ColumnType::F32: return reinterpret_cast<const float*>(first)[row];
    case ColumnType::F16: return static_cast<double>(reinterpret_cast<const Eigen::half*>(first)[row]);
    case ColumnType::I64:
    case ColumnType::TIMESTAMP:
      return static_cast<double>(reinterpret_cast<const std::int64_t*>(first)[row]);
    case ColumnType::I32: return reinterpret_cast<const std::int32_t*>(first)[row];
    case ColumnType::BOOL: return first[row];
    default: misuse::wrong_type(fields()[column], "a number");
  }
}

std::string_view Table::heap_text(Span span) const {
  auto table = root();
  auto* heap = reinterpret_cast<const char*>(table.getBody().begin() + table.getHeap());
  return {heap + span.offset, span.length};
}

std::string_view Table::text(std::size_t column, std::size_t row) const {
  auto described = at(column);
  expect_row(row);
  if (!in_heap(described.getType())) misuse::wrong_type(fields()[column], "text");
  auto* body = root().getBody().begin();
  if (described.getDictionary() == 0) {
    return heap_text(reinterpret_cast<const Span*>(body + described.getCells())[row]);
  }
  auto* codes = reinterpret_cast<const std::int32_t*>(body + described.getCells());
  return heap_text(reinterpret_cast<const Span*>(body + described.getDictionary())[codes[row]]);
}

bool Table::has_raw(std::size_t column) const {
  auto described = at(column);
  return described.getRaw() != 0 || described.getType() == ColumnType::RAW;
}

std::string_view Table::raw(std::size_t column, std::size_t row) const {
  auto described = at(column);
  if (described.getRaw() == 0) return text(column, row);
  expect_row(row);
  return heap_text(reinterpret_cast<const Span*>(root().getBody().begin() + described.getRaw())[row]);
}

std::span<const std::int32_t> Table::codes(std::size_t column) const {
  if (!has_dictionary(column)) misuse::wrong_type(fields()[column], "the codes of a dictionary");
  return {reinterpret_cast<const std::int32_t*>(cells(column)), rows()};
}

bool Table::valid(std::size_t column, std::size_t row) const {
  const std::uint8_t* bits = validity(column);
  expect_row(row);
  return !bits || (bits[row / 8] >> (row % 8) & 1);
}

const std::uint8_t* Table::validity(std::size_t column) const {
  auto offset = at(column).getValidity();
  return offset == 0 ? nullptr : root().getBody().begin() + offset;
}

const std::byte* Table::cells(std::size_t column) const {
  auto offset = at(column).getCells();
  return reinterpret_cast<const std::byte*>(root().getBody().begin()) + offset;
}

}  // namespace leat
