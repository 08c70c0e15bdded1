/// Sentences about bad cells and rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <leat/actors/csv/values.hpp>
#include <leat/chunk/result.hpp>

namespace leat::csv {

/// Where something is wrong.
struct Place {
  const std::string& path;
  std::uint64_t line = 0;
};

/// The first 40 bytes of a value in quotes; what people cannot see, control characters and bytes that are not
/// UTF-8 escaped.
std::string shown(std::string_view value);

/// A cell that a column's type cannot hold. `why` is not Reading::good.
Error bad_cell(Place place, const std::string& column, ColumnType type, std::string_view value,
               Reading why);
/// The file is no text.
Error nul_byte(Place place);
/// A quote opens at `place` and does not close.
Error open_quote(Place place);
Error trailing_text(Place place, const std::string& column, std::string_view value);
Error ragged_row(Place place, std::size_t cells, std::size_t wanted);

}  // namespace leat::csv
