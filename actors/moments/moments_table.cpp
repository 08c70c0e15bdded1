#include <leat/actors/moments/moments_table.hpp>

#include <leat/actors/tables/message_table.hpp>

namespace leat {
namespace {

Fields fields() {
  return {{"column", ColumnType::TEXT},
          {"count", ColumnType::I64},
          {"mean", ColumnType::F64, true},
          {"deviation", ColumnType::F64, true},
          {"minimum", ColumnType::F64, true},
          {"maximum", ColumnType::F64, true}};
}

Table table_of(Pool& pool, schema::Moments::Reader moments) {
  auto names = moments.getColumns();
  TableRoom room{.rows = names.size()};
  for (auto name : names) room.heap += name.size();
  TableBuilder builder(pool, fields(), room);
  for (capnp::uint row = 0; row < names.size(); ++row) {
    auto name = names[row];
    std::uint64_t count = moments.getCount()[row];
    builder.put(0, row, {name.begin(), name.size()});
    builder.cells<std::int64_t>(1)[row] = static_cast<std::int64_t>(count);
    put_number(builder, 2, row, moments.getMean()[row], count > 0);
    put_number(builder, 3, row, moments.getDeviation()[row], count > 0);
    put_number(builder, 4, row, moments.getMinimum()[row], count > 0);
    put_number(builder, 5, row, moments.getMaximum()[row], count > 0);
  }
  return std::move(builder).finish(room.rows, 0);
}

}  // namespace

Kind<Table, Message<schema::Moments>> moments_table() {
  return message_table<schema::Moments>("moments_table", fields(), table_of);
}

DeclaredKind declared_moments_table() {
  return declared_kind("Moments as a table: a row for each column.", [] { return moments_table(); });
}

}  // namespace leat
