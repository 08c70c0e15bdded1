#include <leat/gateway/row_range.hpp>

#include <algorithm>
#include <string>

namespace leat {

Result<RowRange> row_range(std::uint64_t from, std::optional<std::uint64_t> to, std::uint64_t rows) {
  if (from > rows) return invalid("there are " + std::to_string(rows) + " rows, and none from " + std::to_string(from) + " on");
  if (to && *to < from) return invalid("rows end at to, " + std::to_string(*to) + ", which is before from, " + std::to_string(from));
  return RowRange{from, std::min(to.value_or(rows), rows)};
}

// As rows * pixel / pixels, of which the product may be more than a number holds.
std::uint64_t first_of_pixel(const RowRange& range, std::uint64_t pixels, std::uint64_t pixel) {
  std::uint64_t whole = range.rows() / pixels, rest = range.rows() % pixels;
  return range.from + whole * pixel + rest * pixel / pixels;
}

}  // namespace leat
