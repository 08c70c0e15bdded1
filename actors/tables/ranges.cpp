#include <leat/actors/tables/ranges.hpp>

#include <leat/actors/group/ordered_cells.hpp>

#include <algorithm>
#include <array>

namespace leat::tables {
namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::uint64_t kMost = ~std::uint64_t{0};

struct Range {
  std::uint64_t least = kMost;
  std::uint64_t greatest = 0;

  void add(std::uint64_t code) {
    least = std::min(least, code);
    greatest = std::max(greatest, code);
  }
};

Range range_of(const ColumnPlace& cells, std::size_t rows) {
  if (in_heap(cells.type)) return {0, kMost};
  std::array<std::uint64_t, kBlock> codes;
  Range range;
  for (std::size_t from = 0; from < rows; from += kBlock) {
    std::size_t count = std::min(kBlock, rows - from);
    ordered_cells(cells, from, count, codes.data());
    for (std::size_t i = 0; is_real(cells.type) && i < count; ++i) codes[i] += codes[i] == ordered(-0.0);
    for (std::size_t i = 0; i < count; ++i) {
      if (!cells.validity || cells.valid(from + i)) range.add(codes[i]);
    }
  }
  return range;
}

std::uint64_t least_number(const Table& table) {
  const std::uint64_t* numbers = table.row_numbers();
  if (numbers && table.rows() > 0) return *std::min_element(numbers, numbers + table.rows());
  bool wraps = table.rows() > kMost - table.first_row();
  return wraps ? 0 : table.first_row();
}

}  // namespace

std::vector<std::uint64_t> ranges_of(const Table& table) {
  if (table.columns() == 0) return {};
  std::vector<std::uint64_t> words = {least_number(table)};
  for (std::size_t i = 0; i < table.columns(); ++i) {
    Range range = range_of(place_of(table, i), table.rows());
    words.insert(words.end(), {range.least, range.greatest});
  }
  return words;
}

}  // namespace leat::tables
