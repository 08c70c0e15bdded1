/// Which rows of a dataset are asked for, and which of those a pixel shows. Pure.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstdint>
#include <optional>

namespace leat {

/// Rows [from, to), counted from 0.
struct RowRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;

  std::uint64_t rows() const { return to - from; }
  friend bool operator==(const RowRange&, const RowRange&) = default;
};

/// What there is of [from, to) in so many rows; without `to`, to their end. It may be none at the end. Errors: invalid
/// (it begins beyond the end, or ends before it begins).
Result<RowRange> row_range(std::uint64_t from, std::optional<std::uint64_t> to, std::uint64_t rows);

/// The first row that pixel `pixel` of `pixels` shows; of pixel `pixels`, where the range ends. Of all pixels one shows at
/// most a row more than another, and none is empty where there are as many rows. At most 2^32 pixels.
std::uint64_t first_of_pixel(const RowRange& range, std::uint64_t pixels, std::uint64_t pixel);

}  // namespace leat
