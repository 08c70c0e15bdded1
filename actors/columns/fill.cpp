#include <leat/actors/columns/fill.hpp>

#include <leat/actors/columns/computed_columns.hpp>

namespace leat {
namespace {

struct Filling {
  std::vector<std::string> columns;
};

OptionsOf<Filling> options() {
  return OptionsOf<Filling>().needs(
      &Filling::columns,
      {.name = "columns", .sentence = "each COLUMN = EXPRESSION: the value in place of nulls, as in \"delay = 0\""});
}

}  // namespace

Kind<Table, Table> fill(std::vector<std::string> columns) {
  GivenOptions given = options().of({columns});
  std::vector<ComputedColumn> filled;
  for (const std::string& line : columns) {
    auto assignment = parse_assignment(line);
    if (assignment) {
      filled.push_back({assignment->name, filled_expression(assignment->name, assignment->value), {}, true});
    } else if (!given.wrong) {
      given.wrong = assignment.error().in("columns").about({.option = "columns"});
    }
  }
  if (columns.empty()) given.wrong = invalid("columns: fill is told of no column: write COLUMN = EXPRESSION");
  return computing_kind("fill", std::move(given), std::move(filled));
}

DeclaredKind declared_fill() {
  return declared_kind("Values in place of nulls.", options(),
                       [](Filling filling) { return fill(std::move(filling.columns)); });
}

}  // namespace leat
