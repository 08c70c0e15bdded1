/// Cells of tables as JSON: what a page draws and a script computes with. Pure.
///
/// A null and a NaN are null. Integers beyond 2^53 are texts, as JavaScript would make others of them; so are infinities
/// ("inf") and times (ISO 8601, UTC). Of bytes it is said how many they are ("3 bytes"), of a text longer than kMostShown
/// its beginning with a "~".
#pragma once

#include <leat/chunk/column_place.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace leat {

inline constexpr std::size_t kMostShown = std::size_t{64} << 10;
inline constexpr std::uint64_t kMostExact = std::uint64_t{1} << 53;

/// A number, beyond kMostExact a text. A template, as json_text() is.
template <class Json>
Json exact(std::uint64_t value) {
  return value <= kMostExact ? Json(value) : Json(std::to_string(value));
}

/// Appends a cell.
void append_cell(std::string& json, const ColumnPlace& cells, std::size_t row);
/// Appends a number of a column of that type, as ordered_cells() has it.
void append_code(std::string& json, ColumnType type, std::uint64_t code);

}  // namespace leat
