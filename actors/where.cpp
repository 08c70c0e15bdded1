#include <leat/actors/where.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/number_columns.hpp>
#include <leat/chunk/gather.hpp>

#include <functional>
#include <numeric>

namespace leat::row_functions {
namespace {

class Where final : public Actor {
 public:
  Where(std::vector<std::string> columns, Choose choose)
      : columns_("where", std::move(columns)), choose_(std::move(choose)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto found = columns_.find(table); !found) return found.error();
    std::size_t rows = table.rows();
    std::vector<double> numbers(columns_.positions().size() * rows);
    std::vector<const double*> inputs;
    for (std::size_t column : columns_.positions()) {
      double* to = numbers.data() + inputs.size() * rows;
      read_numbers(table, column, to);
      inputs.push_back(to);
    }
    std::vector<std::uint32_t> kept;
    if (!rows_without_null(table, columns_.positions(), kept)) {
      kept.resize(rows);
      std::iota(kept.begin(), kept.end(), 0);
    }
    if (kept.size() < rows) out.count("rows dropped", rows - kept.size());
    choose_(inputs, kept);
    if (kept.empty()) return Step::done;
    if (kept.size() == rows) {
      out.emit(visit.take());
    } else {
      out.emit(select_rows(out.pool(), table, kept).chunk());
    }
    return Step::done;
  }

 private:
  NumberColumns columns_;
  Choose choose_;
};

// Any rule on any columns.
Kind<Table, Table> ruled(GivenOptions options, std::vector<std::string> columns, Choose choose) {
  auto kind = stage_kind<Table, Table>("where", std::move(options));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.describe = [columns](const std::vector<Description>& inputs) -> Result<Described> {
    Described made{inputs[0], {}};
    if (inputs[0].fields_known) {
      auto found = numeric_columns("where", inputs[0].fields, columns);
      if (!found) return found.error();
    }
    made.needs.state = times(most_rows(inputs[0]), columns.size() * sizeof(double) + 4);
    made.output.max_chunk = made.needs.max_output = grown_chunk(inputs[0], 8);
    return made;
  };
  kind.reads = [columns](const std::vector<Description>&, ColumnNames wanted) {
    wanted.add(ColumnNames::of(columns));
    return std::vector{wanted};
  };
  kind.actor = [columns, choose](const Making&) {
    return std::make_unique<Where>(columns, choose);
  };
  return kind;
}

struct Named {
  std::vector<std::string> columns;
};

OptionsOf<Named> names() {
  return OptionsOf<Named>().needs(&Named::columns, {.name = "columns", .sentence = "numeric columns"});
}

OptionsOf<Comparison> options() {
  return OptionsOf<Comparison>()
      .needs(&Comparison::column, {.name = "column", .sentence = "a numeric column"})
      .needs(&Comparison::is, {.name = "is", .sentence = "how the cell compares"},
             Choices<Compares>{{"<", Compares::less},
                               {"<=", Compares::at_most},
                               {">", Compares::more},
                               {">=", Compares::at_least},
                               {"==", Compares::equal},
                               {"!=", Compares::unequal}})
      .needs(&Comparison::value, {.name = "value", .sentence = "the number"});
}

template <class Holds>
Choose comparing(double value, Holds holds) {
  return [value, holds](Columns cells, std::vector<std::uint32_t>& rows) {
    std::erase_if(rows, [&](std::uint32_t row) { return !holds(cells[0][row], value); });
  };
}

Choose comparing(Compares is, double value) {
  switch (is) {
    case Compares::less: return comparing(value, std::less<>());
    case Compares::at_most: return comparing(value, std::less_equal<>());
    case Compares::more: return comparing(value, std::greater<>());
    case Compares::at_least: return comparing(value, std::greater_equal<>());
    case Compares::equal: return comparing(value, std::equal_to<>());
    case Compares::unequal: break;
  }
  return comparing(value, std::not_equal_to<>());
}

}  // namespace

Kind<Table, Table> where(std::vector<std::string> columns, Choose choose) {
  auto kind = ruled(names().of({columns}), columns, std::move(choose));
  kind.has_function = true;
  return kind;
}

}  // namespace leat::row_functions

namespace leat {

Kind<Table, Table> where(Comparison comparison) {
  return row_functions::ruled(row_functions::options().of(comparison), {comparison.column},
                              row_functions::comparing(comparison.is, comparison.value));
}

DeclaredKind declared_where() {
  return declared_kind("Keeps the rows whose cell compares so with a number.", row_functions::options(),
                       [](Comparison comparison) { return where(std::move(comparison)); });
}

}  // namespace leat
