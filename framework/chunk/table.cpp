#include <leat/chunk/table.hpp>

namespace leat {

std::uint64_t Table::row_number(std::size_t row) const {
  assert(row < rows());
  const std::uint64_t* numbers = row_numbers();
  return numbers ? numbers[row] : first_row() + row;
}

const std::uint64_t* Table::row_numbers() const {
  auto table = root();
  if (table.getRowNumbers() == 0) return nullptr;
  return reinterpret_cast<const std::uint64_t*>(table.getBody().begin() + table.getRowNumbers());
}

std::string_view Table::name(std::size_t column) const {
  auto text = root().getColumns()[at(column)].getName();
  return {text.begin(), text.size()};
}

std::optional<std::size_t> Table::find(std::string_view wanted) const {
  for (std::size_t i = 0; i < columns(); ++i) {
    if (name(i) == wanted) return i;
  }
  return std::nullopt;
}

Fields Table::fields() const {
  Fields out;
  for (auto column : root().getColumns()) {
    out.push_back({column.getName().cStr(), column.getType(), column.getValidity() != 0,
                   column.getDictionary() != 0});
  }
  return out;
}

double Table::number(std::size_t column, std::size_t row) const {
  assert(row < rows());
  const std::byte* first = cells(column);
  switch (type(column)) {
    case ColumnType::F64: return reinterpret_cast<const double*>(first)[row];
    case ColumnType::F32: return reinterpret_cast<const float*>(first)[row];
    case ColumnType::F16: return static_cast<double>(reinterpret_cast<const Eigen::half*>(first)[row]);
    case ColumnType::I64:
    case ColumnType::TIMESTAMP:
      return static_cast<double>(reinterpret_cast<const std::int64_t*>(first)[row]);
    case ColumnType::I32: return reinterpret_cast<const std::int32_t*>(first)[row];
    case ColumnType::BOOL: return static_cast<double>(std::to_integer<int>(first[row]));
    default: assert(!"a number is asked of a text column"); return 0;
  }
}

std::string_view Table::in_heap(Span span) const {
  auto table = root();
  auto* heap = reinterpret_cast<const char*>(table.getBody().begin() + table.getHeap());
  return {heap + span.offset, span.length};
}

std::string_view Table::text(std::size_t column, std::size_t row) const {
  assert(row < rows());
  auto described = root().getColumns()[at(column)];
  if (described.getDictionary() == 0) {
    return in_heap(reinterpret_cast<const Span*>(cells(column))[row]);
  }
  auto* entries =
      reinterpret_cast<const Span*>(root().getBody().begin() + described.getDictionary());
  return in_heap(entries[codes(column)[row]]);
}

std::span<const std::int32_t> Table::codes(std::size_t column) const {
  assert(has_dictionary(column));
  return {reinterpret_cast<const std::int32_t*>(cells(column)), rows()};
}

bool Table::valid(std::size_t column, std::size_t row) const {
  const std::uint8_t* bits = validity(column);
  return !bits || (bits[row / 8] >> (row % 8) & 1);
}

const std::uint8_t* Table::validity(std::size_t column) const {
  auto offset = root().getColumns()[at(column)].getValidity();
  return offset == 0 ? nullptr : root().getBody().begin() + offset;
}

const std::byte* Table::cells(std::size_t column) const {
  auto table = root();
  return reinterpret_cast<const std::byte*>(table.getBody().begin()) +
         table.getColumns()[at(column)].getCells();
}

}  // namespace leat
