#include <leat/gateway/series.hpp>

#include <leat/actors/group/ordered_cells.hpp>
#include <leat/gateway/cell_json.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace leat {
namespace {

constexpr std::size_t kBlock = 1024;

// As ranges of table files have it.
std::uint64_t of_not_a_number() { return ordered(std::numeric_limits<double>::quiet_NaN()); }

}  // namespace

Series::Series(ColumnType type, RowRange range, std::uint64_t pixels)
    : type_(type), range_(range), extremes_(std::min(pixels, range.rows())) {}

void Series::go_to(std::uint64_t row) {
  while (pixel_ + 1 < pixels() && row >= begin_of(pixel_ + 1)) ++pixel_;
}

bool Series::is_in_pixel(std::uint64_t first, std::uint64_t rows) const {
  if (first < range_.from || rows > range_.to - std::min(first, range_.to)) return false;
  std::uint64_t pixel = pixel_;
  while (pixel + 1 < pixels() && first >= begin_of(pixel + 1)) ++pixel;
  return first + rows <= begin_of(pixel + 1);
}

bool Series::is_enough(std::uint64_t greatest) { return greatest != of_not_a_number(); }

void Series::add(std::uint64_t first, std::uint64_t least, std::uint64_t greatest) {
  go_to(first);
  Extremes& into = extremes_[pixel_];
  into.least = std::min(into.least, least);
  into.greatest = std::max(into.greatest, greatest);
}

void Series::add(const ColumnPlace& cells, std::uint64_t first, std::uint64_t rows) {
  std::uint64_t row = std::max(first, range_.from), end = std::min(first + rows, range_.to);
  while (row < end) {
    go_to(row);
    std::uint64_t until = std::min(end, begin_of(pixel_ + 1));
    add_some(cells, row - first, until - row, extremes_[pixel_]);
    row = until;
  }
}

void Series::add_some(const ColumnPlace& cells, std::size_t from, std::size_t rows, Extremes& into) const {
  std::array<std::uint64_t, kBlock> codes;
  const bool real = is_real(type_);
  const std::uint64_t none = of_not_a_number();
  for (std::size_t end = from + rows; from < end; from += kBlock) {
    std::size_t count = std::min(kBlock, end - from);
    ordered_cells(cells, from, count, codes.data());
    for (std::size_t i = 0; i < count; ++i) {
      if (!cells.valid(from + i) || (real && codes[i] == none)) continue;
      into.least = std::min(into.least, codes[i]);
      into.greatest = std::max(into.greatest, codes[i]);
    }
  }
}

std::string Series::members() const {
  std::string least = "\"min\":[", greatest = "\"max\":[";
  for (std::size_t i = 0; i < extremes_.size(); ++i) {
    const Extremes& one = extremes_[i];
    for (auto* text : {&least, &greatest}) {
      if (i > 0) *text += ',';
      if (one.least > one.greatest) *text += "null";
    }
    if (one.least > one.greatest) continue;
    append_code(least, type_, one.least);
    append_code(greatest, type_, one.greatest);
  }
  return "\"pixels\":" + std::to_string(pixels()) + "," + least + "]," + greatest + "]";
}

}  // namespace leat
