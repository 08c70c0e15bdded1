/// A cutoff: what of a source's rows a stage can still make use of, by the cells of one column.
///
///   out.cut_off({.column = "delay", .greatest = true, .code = leat::ordered(std::int64_t{120}), .row = 7});
///
/// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace leat {

/// Only rows whose cell of `column` comes before the cutoff are of use. Cells are integers that compare as they do
/// (actors/group/ordered_cells.hpp), -0 as 0, NaN after all others; nulls come last, whichever come first.
struct Cutoff {
  std::string column;
  bool greatest = true;    ///< whether the greatest come first, not the least
  std::uint64_t code = 0;  ///< of the cutoff
  /// Of rows that have this very cell those from this number on are of no use; the greatest number: all may be.
  std::uint64_t row = ~std::uint64_t{0};

  /// Whether rows are of no use whose first cell has this code, and the least of whose numbers is this.
  bool leaves_out(std::uint64_t first, std::uint64_t least_row) const {
    if (first == code) return least_row >= row && row != ~std::uint64_t{0};
    return greatest ? first < code : first > code;
  }
  /// Whether it leaves out more than another of the same column and direction.
  bool is_before(const Cutoff& other) const {
    return std::tuple(greatest ? ~code : code, row) < std::tuple(greatest ? ~other.code : other.code, other.row);
  }

  friend bool operator==(const Cutoff&, const Cutoff&) = default;
};

}  // namespace leat
