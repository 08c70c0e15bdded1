/// The columns that a regression is trained on: what linear_regression and sgd share.
///
///   auto names = leat::training_columns("sgd", {"delay", {"hour"}}, fields);     // features in order, then the target
///
/// Errors name the stage's kind, the column, the nearest name and what there is. Threads: no state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <leat/actor/description.hpp>
#include <leat/chunk/result.hpp>

namespace leat {

struct TrainingColumns {
  std::string target;
  std::vector<std::string> features = {};  ///< none: all numeric columns but the target
};

/// Refuses what is wrong before anything is known of the rows: no target, a feature that is it, or is named twice.
Result<void> sound(std::string_view kind, const TrainingColumns& columns);
/// Their names, of those that are there.
Result<std::vector<std::string>> training_columns(std::string_view kind, const TrainingColumns& columns,
                                                  const Fields& fields);
/// Columns that are no features though none was named: "city (text)"; those that nobody has read, too.
std::vector<std::string> left_out(const TrainingColumns& columns, const Description& rows, const Fields& fields);
/// Letters that left_out() has at most.
std::size_t left_out_letters();

}  // namespace leat
