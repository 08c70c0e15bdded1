/// All stock actors, and the table of those that a graph can name in a file: a new one adds its line to
/// each of the two lists.
#pragma once

#include <leat/actors/csv.hpp>
#include <leat/actors/csv_write.hpp>
#include <leat/actors/dead_letter_file.hpp>
#include <leat/actors/derive.hpp>
#include <leat/actors/discard.hpp>
#include <leat/actors/evaluate.hpp>
#include <leat/actors/json_lines.hpp>
#include <leat/actors/linear_regression.hpp>
#include <leat/actors/model_file.hpp>
#include <leat/actors/moments.hpp>
#include <leat/actors/predict.hpp>
#include <leat/actors/print.hpp>
#include <leat/actors/scale.hpp>
#include <leat/actors/score_report.hpp>
#include <leat/actors/select.hpp>
#include <leat/actors/split.hpp>
#include <leat/actors/where.hpp>

namespace leat {

/// Made anew by each call. What an actor takes as a function has no entry.
inline std::vector<DeclaredKind> stock_kinds() {
  return {
      csv::declared_blocks(),
      csv::declared_parse(),
      csv::declared_write(),
      declared_json_lines(),
      declared_where(),
      declared_select(),
      split::declared_train(),
      split::declared_holdout(),
      declared_moments(),
      declared_scale(),
      declared_linear_regression(),
      declared_evaluate(),
      declared_predict(),
      declared_model_file(),
      declared_score_report(),
      declared_print(),
      declared_discard(),
  };
}

}  // namespace leat
