/// All stock actors, and the table of those that a graph can name in a file: a new one adds its line to
/// each of the two lists.
#pragma once

#include <leat/actors/cast.hpp>
#include <leat/actors/compute.hpp>
#include <leat/actors/csv.hpp>
#include <leat/actors/csv_write.hpp>
#include <leat/actors/dead_letter_file.hpp>
#include <leat/actors/derive.hpp>
#include <leat/actors/discard.hpp>
#include <leat/actors/distinct.hpp>
#include <leat/actors/evaluate.hpp>
#include <leat/actors/explode.hpp>
#include <leat/actors/fill.hpp>
#include <leat/actors/group.hpp>
#include <leat/actors/json_blocks.hpp>
#include <leat/actors/json_lines.hpp>
#include <leat/actors/json_parse.hpp>
#include <leat/actors/json_write.hpp>
#include <leat/actors/limit.hpp>
#include <leat/actors/linear_regression.hpp>
#include <leat/actors/model_file.hpp>
#include <leat/actors/model_table.hpp>
#include <leat/actors/moments.hpp>
#include <leat/actors/moments_table.hpp>
#include <leat/actors/predict.hpp>
#include <leat/actors/print.hpp>
#include <leat/actors/rename.hpp>
#include <leat/actors/sample.hpp>
#include <leat/actors/scale.hpp>
#include <leat/actors/score_report.hpp>
#include <leat/actors/score_table.hpp>
#include <leat/actors/select.hpp>
#include <leat/actors/split.hpp>
#include <leat/actors/sqlite_read.hpp>
#include <leat/actors/sqlite_write.hpp>
#include <leat/actors/tables_read.hpp>
#include <leat/actors/tables_write.hpp>
#include <leat/actors/text_lines.hpp>
#include <leat/actors/top.hpp>
#include <leat/actors/union_by_name.hpp>
#include <leat/actors/where.hpp>

namespace leat {

/// Made anew by each call. What an actor takes as a function has no entry.
inline std::vector<DeclaredKind> stock_kinds() {
  return {
      csv::declared_blocks(),
      csv::declared_parse(),
      csv::declared_write(),
      json::declared_blocks(),
      json::declared_parse(),
      json::declared_lines(),
      json::declared_write(),
      texts::declared_lines(),
      declared_compute(),
      sqlite::declared_read(),
      sqlite::declared_write(),
      tables::declared_read(),
      tables::declared_write(),
      declared_where(),
      declared_select(),
      declared_rename(),
      declared_cast(),
      declared_fill(),
      declared_limit(),
      declared_sample(),
      declared_union_by_name(),
      declared_explode(),
      split::declared_train(),
      split::declared_holdout(),
      declared_group(),
      declared_top(),
      declared_distinct(),
      declared_moments(),
      declared_moments_table(),
      declared_scale(),
      declared_linear_regression(),
      declared_evaluate(),
      declared_predict(),
      declared_model_file(),
      declared_model_table(),
      declared_score_report(),
      declared_score_table(),
      declared_print(),
      declared_discard(),
  };
}

}  // namespace leat
