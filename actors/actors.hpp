/// All stock actors, and the table of those that a graph can name in a file: a new one adds its line to
/// each of the two lists.
#pragma once

#include <leat/actors/columns/cast.hpp>
#include <leat/actors/columns/compute.hpp>
#include <leat/actors/columns/derive.hpp>
#include <leat/actors/columns/fill.hpp>
#include <leat/actors/columns/rename.hpp>
#include <leat/actors/columns/select.hpp>
#include <leat/actors/csv/csv.hpp>
#include <leat/actors/csv/write.hpp>
#include <leat/actors/group/group.hpp>
#include <leat/actors/json/blocks.hpp>
#include <leat/actors/json/lines.hpp>
#include <leat/actors/json/parse.hpp>
#include <leat/actors/json/write.hpp>
#include <leat/actors/models/evaluate.hpp>
#include <leat/actors/models/model_file.hpp>
#include <leat/actors/models/model_source.hpp>
#include <leat/actors/models/model_table.hpp>
#include <leat/actors/models/predict.hpp>
#include <leat/actors/models/score_report.hpp>
#include <leat/actors/models/score_table.hpp>
#include <leat/actors/moments/moments.hpp>
#include <leat/actors/moments/moments_table.hpp>
#include <leat/actors/moments/scale.hpp>
#include <leat/actors/moments/summary.hpp>
#include <leat/actors/output/dead_letter_file.hpp>
#include <leat/actors/output/discard.hpp>
#include <leat/actors/output/print.hpp>
#include <leat/actors/regression/linear_regression.hpp>
#include <leat/actors/rows/distinct.hpp>
#include <leat/actors/rows/limit.hpp>
#include <leat/actors/rows/sample.hpp>
#include <leat/actors/rows/split.hpp>
#include <leat/actors/rows/top.hpp>
#include <leat/actors/rows/union_by_name.hpp>
#include <leat/actors/rows/where.hpp>
#include <leat/actors/sgd/sgd.hpp>
#include <leat/actors/sqlite/read.hpp>
#include <leat/actors/sqlite/write.hpp>
#include <leat/actors/tables/cache.hpp>
#include <leat/actors/tables/read.hpp>
#include <leat/actors/tables/write.hpp>
#include <leat/actors/text/explode.hpp>
#include <leat/actors/text/lines.hpp>

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
      text::declared_lines(),
      declared_compute(),
      sqlite::declared_read(),
      sqlite::declared_write(),
      tables::declared_cache(),
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
      declared_summary(),
      declared_linear_regression(),
      declared_sgd(),
      declared_evaluate(),
      declared_predict(),
      declared_model_file(),
      declared_model_source(),
      declared_model_table(),
      declared_score_report(),
      declared_score_table(),
      declared_print(),
      declared_discard(),
  };
}

}  // namespace leat
