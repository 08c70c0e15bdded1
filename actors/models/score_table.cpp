#include <leat/actors/models/score_table.hpp>

#include <leat/actors/tables/message_table.hpp>

namespace leat {
namespace {

Fields fields() {
  return {{"target", ColumnType::TEXT},
          {"rows", ColumnType::I64},
          {"rmse", ColumnType::F64, true},
          {"mae", ColumnType::F64, true},
          {"r2", ColumnType::F64, true},
          {"log_loss", ColumnType::F64, true},
          {"accuracy", ColumnType::F64, true}};
}

Table table_of(Pool& pool, schema::Score::Reader score) {
  auto target = score.getTarget();
  TableBuilder builder(pool, fields(), {.rows = 1, .heap = target.size()});
  builder.put(0, 0, {target.begin(), target.size()});
  builder.cells<std::int64_t>(1)[0] = static_cast<std::int64_t>(score.getRows());
  put_number(builder, 2, 0, score.getRmse(), true);
  put_number(builder, 3, 0, score.getMae(), true);
  put_number(builder, 4, 0, score.getR2(), true);
  put_number(builder, 5, 0, score.getLogLoss(), true);
  put_number(builder, 6, 0, score.getAccuracy(), true);
  return std::move(builder).finish(1, 0);
}

}  // namespace

Kind<Table, Message<schema::Score>> score_table() {
  return message_table<schema::Score>("score_table", fields(), table_of);
}

DeclaredKind declared_score_table() {
  return declared_kind("A score as a table of one row.", [] { return score_table(); });
}

}  // namespace leat
