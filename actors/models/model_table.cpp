#include <leat/actors/models/model_table.hpp>

#include <leat/actors/tables/message_table.hpp>

namespace leat {
namespace {

Fields fields() {
  return {{"term", ColumnType::TEXT},
          {"coefficient", ColumnType::F64},
          {"standard_error", ColumnType::F64, true},
          {"t", ColumnType::F64, true},
          {"p", ColumnType::F64, true},
          {"variance_inflation", ColumnType::F64, true}};
}

constexpr std::string_view kIntercept = "(intercept)";

Table table_of(Pool& pool, schema::LinearModel::Reader model) {
  auto features = model.getFeatures();
  bool intercept = !model.getThroughOrigin();
  TableRoom room{.rows = features.size() + intercept, .heap = kIntercept.size()};
  for (auto feature : features) room.heap += feature.size();
  TableBuilder builder(pool, fields(), room);
  auto put = [&](std::size_t column, capnp::uint row, auto numbers) {
    put_number(builder, column, row, row < numbers.size() ? numbers[row] : 0, row < numbers.size());
  };
  for (capnp::uint row = 0; row < features.size(); ++row) {
    auto feature = features[row];
    builder.put(0, row, {feature.begin(), feature.size()});
    builder.cells<double>(1)[row] = model.getCoefficients()[row];
    put(2, row, model.getStandardErrors());
    put(3, row, model.getTValues());
    put(4, row, model.getPValues());
    put(5, row, model.getVarianceInflation());
  }
  if (intercept) {
    std::size_t row = features.size();
    builder.put(0, row, kIntercept);
    builder.cells<double>(1)[row] = model.getIntercept();
    put_number(builder, 2, row, model.getInterceptStandardError(), true);
    put_number(builder, 3, row, model.getInterceptT(), true);
    put_number(builder, 4, row, model.getInterceptP(), true);
    put_number(builder, 5, row, 0, false);
  }
  return std::move(builder).finish(room.rows, 0);
}

}  // namespace

Kind<Table, Message<schema::LinearModel>> model_table() {
  return message_table<schema::LinearModel>("model_table", fields(), table_of);
}

DeclaredKind declared_model_table() {
  return declared_kind("A linear model as a table: a row for each term.", [] { return model_table(); });
}

}  // namespace leat
