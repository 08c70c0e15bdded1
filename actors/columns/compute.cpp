#include <leat/actors/columns/compute.hpp>

#include <leat/actors/columns/computed_columns.hpp>

namespace leat {
namespace {

struct Columns {
  std::vector<std::string> columns;
};

OptionsOf<Columns> options() {
  return OptionsOf<Columns>().needs(
      &Columns::columns,
      {.name = "columns", .sentence = "each NAME = EXPRESSION, as in \"speed = distance / minutes\""});
}

}  // namespace

Kind<Table, Table> compute(std::vector<std::string> columns) {
  GivenOptions given = options().of({columns});
  std::vector<ComputedColumn> computed;
  for (const std::string& line : columns) {
    auto assignment = parse_assignment(line);
    if (assignment) {
      computed.push_back({assignment->name, assignment->value});
    } else if (!given.wrong) {
      given.wrong = assignment.error().in("columns").about({.option = "columns"});
    }
  }
  if (columns.empty()) given.wrong = invalid("columns: compute is told of no column: write NAME = EXPRESSION");
  return computing_kind("compute", std::move(given), std::move(computed));
}

DeclaredKind declared_compute() {
  return declared_kind("Columns made of others by expressions.", options(),
                       [](Columns columns) { return compute(std::move(columns.columns)); });
}

}  // namespace leat
