/// The operations that expressions are made of: operators and functions, in one list.
///
///   leat::expression_operations()[7].name     // "=="
///
/// Threads: no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace leat {

enum class Operation : std::uint8_t {
  add, subtract, times, divide, floor_divide, modulo, negate,
  equal, unequal, less, at_most, more, at_least,
  conjunction, disjunction, negation, is_null, is_not_null, among,
  choose, coalesce,
  abs, floor, ceil, round, sqrt, exp, log, sin, cos, pow, least, greatest,
  length, lower, upper, trim, contains, starts_with, ends_with, substring, replace, concat,
  year, month, day, hour, minute, second, weekday, floor_time,
  to_int, to_float, to_text, to_bool, to_time,
};

struct ExpressionOperation {
  Operation is;
  std::string_view name;
  std::size_t least = 1;  ///< inputs
  std::size_t most = 1;
  bool function = true;   ///< written name(...); else it stands between its inputs, or before or behind
  bool pairs = false;     ///< any number of inputs, taken two by two from the left
};

/// All, in the order of the enum.
std::span<const ExpressionOperation> expression_operations();

}  // namespace leat
