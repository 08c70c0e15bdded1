#include <leat/chunk/column.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

namespace leat::columns {
namespace {

Error wrong_type(const Field& field, ColumnType asked) {
  return invalid("column " + field.name + " is " + std::string(type_name(field.type)) + " and is asked for as " +
                 std::string(type_name(asked)));
}

Error inexact(const Table& table, const Field& field, ColumnType asked, std::size_t row, const std::string& value) {
  return corrupt("column " + field.name + " is asked for as " + std::string(type_name(asked)) + ", which cannot hold " +
                 value + " in row " + std::to_string(table.row_number(row) + 1) + ": ask for it as " +
                 std::string(type_name(field.type)));
}

bool can_hold(ColumnType asked, ColumnType type) {
  if (asked == type) return true;
  switch (asked) {
    case ColumnType::F64: return is_numeric(type);
    case ColumnType::F32: return type == ColumnType::F16;
    case ColumnType::I64: return type == ColumnType::I32 || type == ColumnType::BOOL || type == ColumnType::TIMESTAMP;
    case ColumnType::I32: return type == ColumnType::I64 || type == ColumnType::BOOL;
    case ColumnType::TEXT: return type == ColumnType::BYTES;
    default: return false;
  }
}

// An integer is exactly a double when its bits from the first to the last that is set are no more than 53.
template <class To>
bool exactly(std::int64_t value) {
  if constexpr (std::is_same_v<To, double>) {
    auto size = value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    return (size >> std::countr_zero(size | std::uint64_t{1} << 63)) >> std::numeric_limits<double>::digits == 0;
  } else {
    return std::cmp_equal(value, static_cast<To>(value));
  }
}

template <class To, class From>
Readable converted(Readable from, const Table& table, const Field& field, ColumnType asked) {
  auto* cells = reinterpret_cast<const From*>(from.place.cells);
  auto to = std::make_shared<std::vector<To>>(from.rows);
  std::transform(cells, cells + from.rows, to->begin(), [](From cell) { return static_cast<To>(cell); });
  if constexpr (std::is_same_v<From, std::int64_t> && !std::is_same_v<To, float>) {
    for (std::size_t row = 0; row < from.rows; ++row) {
      if (!exactly<To>(cells[row])) throw ThrownError(inexact(table, field, asked, row, std::to_string(cells[row])));
    }
  }
  from.place.cells = reinterpret_cast<const std::byte*>(to->data());
  from.converted = std::move(to);
  return from;
}

template <class To>
Readable converted(Readable from, const Table& table, const Field& field, ColumnType asked) {
  switch (field.type) {
    case ColumnType::F32: return converted<To, float>(std::move(from), table, field, asked);
    case ColumnType::F16: return converted<To, Eigen::half>(std::move(from), table, field, asked);
    case ColumnType::I64: return converted<To, std::int64_t>(std::move(from), table, field, asked);
    case ColumnType::I32: return converted<To, std::int32_t>(std::move(from), table, field, asked);
    default: return converted<To, std::uint8_t>(std::move(from), table, field, asked);
  }
}

// Numbers as they are, or converted.
Readable numbers(Readable from, const Table& table, const Field& field, ColumnType asked) {
  if (field.type == asked || (asked == ColumnType::I64 && field.type == ColumnType::TIMESTAMP)) return from;
  switch (asked) {
    case ColumnType::F64: return converted<double>(std::move(from), table, field, asked);
    case ColumnType::F32: return converted<float>(std::move(from), table, field, asked);
    case ColumnType::I64: return converted<std::int64_t>(std::move(from), table, field, asked);
    default: return converted<std::int32_t>(std::move(from), table, field, asked);
  }
}

void refuse_nulls(const Table& table, const Field& field, const std::uint8_t* validity) {
  std::size_t rows = table.rows();
  for (std::size_t row = 0; validity && row < rows; ++row) {
    std::uint8_t bits = validity[row / 8];
    if (bits == 0xff) row |= 7;
    if (bits >> (row % 8) & 1) continue;
    throw ThrownError(corrupt("column " + field.name + " has a null in row " +
                              std::to_string(table.row_number(row) + 1) +
                              ": read it as a std::optional, or fill or drop the nulls above"));
  }
}

}  // namespace

std::optional<Error> unfit(const Fields& fields, std::string_view name, ColumnType type) {
  auto found = find_field(fields, name);
  if (!found) return invalid(no_column_named(fields, name));
  if (!can_hold(type, fields[*found].type)) return wrong_type(fields[*found], type);
  return std::nullopt;
}

Readable readable(const Table& table, std::size_t column, ColumnType type, bool nulls) {
  Field field{std::string(table.name(column)), table.type(column)};
  if (!can_hold(type, field.type)) throw ThrownError(wrong_type(field, type));
  Readable from{.place = place_of(table, column), .rows = table.rows()};
  if (!nulls) refuse_nulls(table, field, from.place.validity);
  return in_heap(type) ? from : numbers(std::move(from), table, field, type);
}

Readable readable(const Table& table, std::string_view name, ColumnType type, bool nulls) {
  auto found = table.find(name);
  if (!found) throw ThrownError(invalid(no_column_named(table.fields(), name)));
  return readable(table, *found, type, nulls);
}

}  // namespace leat::columns
