/// The cells of one column of a Table, looked up once, for loops that go over them.
///
///   leat::Cells cells(table, *table.find("hour"));
///   leat::ordered_cells(cells, 0, table.rows(), numbers.data());   // as integers that compare as the cells do
///
/// Valid as long as the Table's message. Nothing is checked: a column that is there is the caller's to see to.
/// Threads: no state.
#pragma once

#include <leat/chunk/table.hpp>

#include <bit>
#include <cmath>
#include <limits>

namespace leat {

struct Cells {
  Cells() = default;
  Cells(const Table& table, std::size_t column);
  /// Numbers that lie elsewhere.
  Cells(ColumnType of, const void* cells) : type(of), first(static_cast<const std::byte*>(cells)) {}

  bool valid(std::size_t row) const { return !validity || (validity[row / 8] >> (row % 8) & 1); }
  /// Of text and bytes.
  std::string_view text(std::size_t row) const { return entry(codes ? static_cast<std::size_t>(codes[row]) : row); }
  /// Of the dictionary, or of a row where there is none.
  std::string_view entry(std::size_t at) const { return {heap + spans[at].offset, spans[at].length}; }

  ColumnType type = ColumnType::F64;
  const std::byte* first = nullptr;
  const std::uint8_t* validity = nullptr;  ///< none: no cell is null
  const std::int32_t* codes = nullptr;     ///< of a dictionary; none: `spans` has one for each row
  const Span* spans = nullptr;
  std::size_t entries = 0;  ///< of the dictionary
  const char* heap = nullptr;
  const char* heap_end = nullptr;
};

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
void ordered_cells(const Cells& cells, std::size_t from, std::size_t count, std::uint64_t* to);

/// Puts the number of a code where the cell of a column of that type is.
void put_ordered(ColumnType type, std::byte* cells, std::size_t row, std::uint64_t code);

/// Calls f(const T* cells) with cells in their own type; timestamps as std::int64_t. Not for text.
template <class F>
void with_typed(const Cells& cells, F f) {
  switch (cells.type) {
    case ColumnType::F64: return f(reinterpret_cast<const double*>(cells.first));
    case ColumnType::F32: return f(reinterpret_cast<const float*>(cells.first));
    case ColumnType::F16: return f(reinterpret_cast<const Eigen::half*>(cells.first));
    case ColumnType::I32: return f(reinterpret_cast<const std::int32_t*>(cells.first));
    case ColumnType::BOOL: return f(reinterpret_cast<const std::uint8_t*>(cells.first));
    default: return f(reinterpret_cast<const std::int64_t*>(cells.first));
  }
}

}  // namespace leat
