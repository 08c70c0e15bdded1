/// Cells as integers that compare as they do, for loops over keys.
///
///   leat::ColumnPlace hour = leat::place_of(table, *table.find("hour"));
///   leat::ordered_cells(hour, 0, table.rows(), codes.data());
///
/// Nothing is checked, as of ColumnPlace. Threads: no state.
#pragma once

#include <leat/chunk/column_place.hpp>

#include <bit>
#include <cmath>
#include <limits>

namespace leat {

/// An integer that compares as the number does: NaN, whatever its bits, is equal to itself and greater than
/// every number, -0 less than 0.
inline std::uint64_t ordered(double number) {
  constexpr auto kSign = std::uint64_t{1} << 63;
  auto bits = std::bit_cast<std::uint64_t>(number);
  if (std::isnan(number)) bits = std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN());
  return bits & kSign ? ~bits : bits | kSign;
}
inline std::uint64_t ordered(std::int64_t number) {
  return static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63);
}

/// The number again.
inline double real_of(std::uint64_t code) {
  constexpr auto kSign = std::uint64_t{1} << 63;
  return std::bit_cast<double>(code & kSign ? code & ~kSign : ~code);
}
inline std::int64_t integer_of(std::uint64_t code) {
  return static_cast<std::int64_t>(code ^ (std::uint64_t{1} << 63));
}

/// True for F64, F32 and F16.
inline bool is_real(ColumnType type) {
  return type == ColumnType::F64 || type == ColumnType::F32 || type == ColumnType::F16;
}

/// The cells of rows [from, from + count) as such integers; text and bytes have none. That of a null is that of
/// whatever lies there.
void ordered_cells(const ColumnPlace& cells, std::size_t from, std::size_t count, std::uint64_t* to);

/// Puts the number of a code where the cell of a column of that type is.
void put_ordered(ColumnType type, std::byte* cells, std::size_t row, std::uint64_t code);

/// Calls f(const T* cells) with cells in their own type; timestamps as std::int64_t. Not for text.
template <class F>
void with_typed(const ColumnPlace& cells, F f) {
  switch (cells.type) {
    case ColumnType::F64: return f(reinterpret_cast<const double*>(cells.cells));
    case ColumnType::F32: return f(reinterpret_cast<const float*>(cells.cells));
    case ColumnType::F16: return f(reinterpret_cast<const Eigen::half*>(cells.cells));
    case ColumnType::I32: return f(reinterpret_cast<const std::int32_t*>(cells.cells));
    case ColumnType::BOOL: return f(reinterpret_cast<const std::uint8_t*>(cells.cells));
    default: return f(reinterpret_cast<const std::int64_t*>(cells.cells));
  }
}

}  // namespace leat
