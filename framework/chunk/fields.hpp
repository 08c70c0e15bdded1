/// Fields: the names and types of a Table's columns, known before any row is.
#pragma once

#include <leat/schemas/table.capnp.h>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// F64, F32, F16, I64, I32, BOOL, TEXT, BYTES, TIMESTAMP, RAW: see schemas/table.capnp.
using ColumnType = schema::ColumnType;

/// One column to be.
struct Field {
  std::string name;
  ColumnType type = ColumnType::F64;
  bool nullable = false;    ///< has a validity bitmap
  bool dictionary = false;  ///< text and bytes: store each distinct value once a chunk
  bool raw = false;         ///< beside each value: what its file says, see Table::raw

  friend bool operator==(const Field&, const Field&) = default;
};

using Fields = std::vector<Field>;

/// Where text and bytes lie in the heap.
struct Span {
  std::uint32_t offset;
  std::uint32_t length;
};

/// Bytes one cell takes: 8, 4, 2 or 1; 8 for a Span; 4 for a dictionary code.
std::size_t cell_bytes(ColumnType type, bool dictionary = false);

/// "f64", "text" ...: the words users read and write; of RAW, which nobody can ask for, they only read it.
std::string_view type_name(ColumnType type);
std::optional<ColumnType> type_named(std::string_view name);

/// True for TEXT, BYTES and RAW, whose cells lie in the heap.
inline bool in_heap(ColumnType type) {
  return type == ColumnType::TEXT || type == ColumnType::BYTES || type == ColumnType::RAW;
}

/// True for F64, F32, F16, I64, I32 and BOOL: what arithmetic takes.
bool is_numeric(ColumnType type);

/// Position of the field with this name.
std::optional<std::size_t> find_field(const Fields& fields, std::string_view name);

/// "speed, mass and 3 more": for sentences.
std::string listed(const Fields& fields, std::size_t most = 8);

/// The name most like `wanted` by edit distance (Levenshtein, 1966), or "" when none is near.
std::string nearest_name(const Fields& fields, std::string_view wanted);

/// "there is no column delays (did you mean delay?): there are hour and delay": for sentences.
std::string no_column_named(const Fields& fields, std::string_view name);

/// What a column must be to be read, or written, as T; `name` is what sentences call it.
template <class T>
struct ColumnTypeOf;
template <>
struct ColumnTypeOf<double> {
  static constexpr std::string_view name = "f64";
  static constexpr bool holds(ColumnType t) { return t == ColumnType::F64; }
};
template <>
struct ColumnTypeOf<float> {
  static constexpr std::string_view name = "f32";
  static constexpr bool holds(ColumnType t) { return t == ColumnType::F32; }
};
template <>
struct ColumnTypeOf<Eigen::half> {
  static constexpr std::string_view name = "f16";
  static constexpr bool holds(ColumnType t) { return t == ColumnType::F16; }
};
template <>
struct ColumnTypeOf<std::int64_t> {
  static constexpr std::string_view name = "i64";
  static constexpr bool holds(ColumnType t) {
    return t == ColumnType::I64 || t == ColumnType::TIMESTAMP;
  }
};
template <>
struct ColumnTypeOf<std::int32_t> {
  static constexpr std::string_view name = "i32";
  static constexpr bool holds(ColumnType t) { return t == ColumnType::I32; }
};
template <>
struct ColumnTypeOf<std::uint8_t> {
  static constexpr std::string_view name = "bool";
  static constexpr bool holds(ColumnType t) { return t == ColumnType::BOOL; }
};

}  // namespace leat
