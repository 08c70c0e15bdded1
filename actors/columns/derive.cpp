#include <leat/actors/columns/derive.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/appended_column.hpp>
#include <leat/actors/columns/number_columns.hpp>

namespace leat::row_functions {
namespace {

Error taken(const std::string& name) {
  return invalid("derive cannot make column " + name +
                 ": there is one with that name; give the new one another");
}

class Derive final : public Actor {
 public:
  Derive(std::string name, std::vector<std::string> columns, Compute compute)
      : name_(std::move(name)), columns_("derive", std::move(columns)), compute_(std::move(compute)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto found = columns_.find(table); !found) return found.error();
    if (table.find(name_)) return taken(name_);
    std::size_t rows = table.rows();
    std::size_t count = columns_.positions().size();
    std::vector<double> numbers((count + 1) * rows);
    std::vector<const double*> inputs(count);
    for (std::size_t i = 0; i < count; ++i) {
      inputs[i] = numbers.data() + i * rows;
      read_numbers(table, columns_.positions()[i], numbers.data() + i * rows);
    }
    double* result = numbers.data() + count * rows;
    compute_(inputs, rows, result);
    std::vector<std::uint32_t> valid;
    bool nulls = rows_without_null(table, columns_.positions(), valid);
    out.emit(append_column(out.pool(), table, name_, {result, rows}, nulls ? &valid : nullptr).chunk());
    return Step::done;
  }

 private:
  std::string name_;
  NumberColumns columns_;
  Compute compute_;
};

struct Derivation {
  std::string name;
  std::vector<std::string> columns;
};

OptionsOf<Derivation> options() {
  return OptionsOf<Derivation>()
      .needs(&Derivation::name, {.name = "name", .sentence = "the new column"})
      .needs(&Derivation::columns, {.name = "columns", .sentence = "numeric columns it is computed from"});
}

}  // namespace

Kind<Table, Table> derive(std::string name, std::vector<std::string> columns, Compute compute) {
  auto kind = stage_kind<Table, Table>("derive", options().of({name, columns}));
  kind.has_function = true;
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.describe = [name, columns](const std::vector<Description>& inputs) -> Result<Described> {
    Described made{inputs[0], {}};
    if (inputs[0].fields_known) {
      auto found = numeric_columns("derive", inputs[0].fields, columns);
      if (!found) return found.error();
      if (find_field(inputs[0].fields, name)) return taken(name);
      bool nullable = false;
      for (std::size_t i : *found) nullable = nullable || inputs[0].fields[i].nullable;
      made.output.fields.push_back({name, ColumnType::F64, nullable});
    }
    made.needs.state = times(most_rows(inputs[0]), (columns.size() + 1) * sizeof(double));
    made.output.max_chunk = made.needs.max_output = grown_chunk(inputs[0], 9);
    return made;
  };
  kind.reads = [name, columns](const std::vector<Description>&, ColumnNames wanted) {
    wanted.remove(name);
    wanted.add(ColumnNames::of(columns));
    return std::vector{wanted};
  };
  kind.actor = [name, columns, compute](const Making&) {
    return std::make_unique<Derive>(name, columns, compute);
  };
  return kind;
}

}  // namespace leat::row_functions
