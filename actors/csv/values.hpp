/// Values: what the text of a cell says, as each type. Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <leat/chunk/fields.hpp>

namespace leat::csv {

/// How reading went.
enum class Reading {
  good,
  empty,         ///< there is nothing but spaces
  malformed,     ///< it is not a value of the type
  out_of_range,  ///< it is one, but too large
};

/// Numbers, all of `text`, which has no spaces around it; a leading + is taken.
/// Floats by fast_float (Lemire, "Number Parsing at a Gigabyte per Second", 2021).
Reading read_real(std::string_view text, double& value);
Reading read_real(std::string_view text, float& value);
/// The same where the sign before the fraction is `decimal`, '.' or ','.
Reading read_real(std::string_view text, char decimal, double& value);
Reading read_integer(std::string_view text, std::int64_t& value);
Reading read_integer(std::string_view text, std::int32_t& value);

/// true, false (any case), 1, 0.
Reading read_bool(std::string_view text, std::uint8_t& value);

/// ISO 8601 date, or date and time, as nanoseconds since 1970 in UTC; digits past the ninth of a
/// fraction are cut off.
Reading read_timestamp(std::string_view text, std::int64_t& value);

/// A double as f16: to nearest, ties to even, in one step, as by way of a float it would be rounded twice. Infinity and
/// NaN stay what they are.
Reading round_to_half(double wide, Eigen::half& value);

/// Reads `text`, spaces around it or not, into cell `row` of a column that is not text or bytes.
/// Nothing is written when it is not good. `decimal`: '.' or ',' stands before fractions.
Reading read_value(std::string_view text, ColumnType type, std::byte* cells, std::size_t row, char decimal = '.');

/// True where `text` is UTF-8 (RFC 3629): no overlong forms, no surrogates.
bool is_utf8(std::string_view text);

}  // namespace leat::csv
