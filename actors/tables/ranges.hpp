/// Between what the cells of a chunk's columns lie: what is known of a chunk without it being read.
///
///   std::vector<std::uint64_t> words = leat::tables::ranges_of(table);
///   leat::tables::Ranges ranges(words);
///   ranges.leave_out(cutoff, column)                     // none of its rows is of use
///
/// Threads: no state.
#pragma once

#include <leat/actor/cutoff.hpp>
#include <leat/chunk/table.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace leat::tables {

/// The least of the rows' numbers, then for each column the least and the greatest of its cells that are not null, as
/// ordered_cells() has them, -0 as 0. Of texts and bytes: 0 and the greatest number; where all are null the first is
/// more than the second. Nothing of a table without columns.
std::vector<std::uint64_t> ranges_of(const Table& table);

constexpr std::uint64_t range_words(std::uint64_t columns) { return columns == 0 ? 0 : 1 + 2 * columns; }

/// As they were written; empty: nothing is known.
class Ranges {
 public:
  explicit Ranges(std::span<const std::uint64_t> words) : words_(words) {}

  /// The least and the greatest of a column, the first more than the second where all are null; none: not known.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> of(std::size_t column) const {
    if (words_.size() < range_words(column + 1)) return std::nullopt;
    return std::pair(words_[1 + 2 * column], words_[2 + 2 * column]);
  }

  bool leave_out(const Cutoff& cutoff, std::size_t column) const {
    auto range = of(column);
    if (!range) return false;
    auto [least, greatest] = *range;
    return least > greatest || cutoff.leaves_out(cutoff.greatest ? greatest : least, words_[0]);
  }

 private:
  std::span<const std::uint64_t> words_;
};

}  // namespace leat::tables
