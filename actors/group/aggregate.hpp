/// Aggregates: what a group-by makes of the rows of a group, as people write it.
///
///   auto delay = leat::aggregate_of("delay = mean(arr_delay)");   // {"delay", mean, "arr_delay"}
///
/// NAME = FUNCTION(COLUMN). Names that are not letters, digits and _ . - (or bytes beyond ASCII) are written between
/// backticks: `mean, all` = mean(`delay (min)`). count() has no column: it counts rows. Pure.
#pragma once

#include <leat/actors/group/state.hpp>

#include <string>

namespace leat {

enum class AggregateFunction { count, sum, mean, min, max, first, last, distinct };

struct Aggregate {
  std::string name;
  AggregateFunction function = AggregateFunction::count;
  std::string column;  ///< "": of rows

  friend bool operator==(const Aggregate&, const Aggregate&) = default;
};

/// Errors: what is expected, and where; an unknown function, with the near one.
Result<Aggregate> aggregate_of(const std::string& text);

/// "mean".
std::string_view function_name(AggregateFunction function);
/// As it is written, with backticks where they are needed.
std::string text_of(const Aggregate& aggregate);

/// The column that it makes of one with this field. Errors: a type that it cannot be made of.
Result<Field> result_of(const Aggregate& aggregate, const Field& column);
/// The states it needs for a column of this type.
std::unique_ptr<GroupState> state_of(const Aggregate& aggregate, ColumnType type);

}  // namespace leat
