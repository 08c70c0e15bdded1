#include <leat/actors/columns/select.hpp>

#include <leat/actors/columns/number_columns.hpp>
#include <leat/chunk/column_copy.hpp>

#include <algorithm>
#include <numeric>

namespace leat {
namespace {

constexpr const char* kName = "select";

using Names = std::vector<std::string>;
using Positions = std::vector<std::size_t>;

Result<void> are_columns(const Names& names) {
  if (names.empty()) return invalid("select names no column: name those to keep");
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) == name) continue;
    return invalid("select names column " + *name + " twice: name it once");
  }
  return {};
}

Result<Positions> find_all(const Fields& fields, const Names& names) {
  Positions found;
  for (const std::string& name : names) {
    auto position = find_field(fields, name);
    if (!position) return no_such_column(kName, fields, name);
    found.push_back(*position);
  }
  return found;
}

// Those that are read below; a Table has at least one.
Names wanted_of(const Names& names, const ColumnNames& wanted) {
  Names some;
  std::copy_if(names.begin(), names.end(), std::back_inserter(some),
               [&](const std::string& name) { return wanted.has(name); });
  if (some.empty() && !names.empty()) some.push_back(names.front());
  return some;
}

Table with_columns(Pool& pool, const Table& table, const Fields& all, const Positions& positions) {
  Fields fields;
  Positions to(positions.size());
  std::iota(to.begin(), to.end(), 0);
  for (std::size_t position : positions) fields.push_back(all[position]);
  TableBuilder builder(pool, fields, ColumnCopy::room(table, positions));
  ColumnCopy(builder).columns(table, positions, to);
  return finish_as(std::move(builder), table);
}

class Select final : public Actor {
 public:
  explicit Select(Names columns) : columns_(std::move(columns)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    Fields fields = table.fields();
    auto found = find_all(fields, columns_);
    if (!found) return found.error();
    bool as_it_is = found->size() == fields.size() && std::is_sorted(found->begin(), found->end());
    if (as_it_is) {
      out.emit(visit.take());
    } else {
      out.emit(with_columns(out.pool(), table, fields, *found).chunk());
    }
    return Step::done;
  }

 private:
  Names columns_;
};

Result<Described> describe(const Description& rows, const Names& columns) {
  if (auto ok = are_columns(columns); !ok) return ok.error();
  Described made{rows, {}};
  // A dictionary is built with room for an entry a row. Of an unknown layout this is room for any number of
  // them: their codes alone take the four bytes of a row.
  std::uint64_t bytes_a_row = 8;
  if (rows.fields_known) {
    auto found = find_all(rows.fields, columns);
    if (!found) return found.error();
    made.output.fields.clear();
    bytes_a_row = 0;
    for (std::size_t position : *found) {
      made.output.fields.push_back(rows.fields[position]);
      if (in_heap(rows.fields[position].type)) bytes_a_row += sizeof(Span);
    }
  }
  std::uint64_t most = grown_chunk(rows, bytes_a_row);
  bool fewer = made.output.fields.size() < rows.fields.size();
  if (fewer && bytes_a_row == 0) {
    // Without texts a chunk is as large as its rows make it.
    TableRoom room{.rows = most_rows(rows), .row_numbers = true, .lines = true};
    most = std::min<std::uint64_t>(most, TableBuilder::footprint(made.output.fields, room));
  }
  made.output.max_chunk = made.needs.max_output = most;
  return made;
}

struct Chosen {
  Names columns;
};

OptionsOf<Chosen> options() {
  return OptionsOf<Chosen>().needs(&Chosen::columns,
                                   {.name = "columns", .sentence = "columns of the output, in this order"});
}

}  // namespace

Kind<Table, Table> select(std::vector<std::string> columns) {
  auto kind = stage_kind<Table, Table>(kName, options().of({columns}));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [columns](const std::vector<Description>& inputs) { return describe(inputs[0], columns); };
  // What is asked for is what there will be: without narrow, describe() would miss the others.
  kind.reads = [columns](const std::vector<Description>&, const ColumnNames& wanted) {
    ColumnNames passed = wanted.among(columns);
    for (const std::string& name : wanted_of(columns, wanted)) {
      if (!passed.has(name)) passed.add(ColumnNames::of({name}));
    }
    return std::vector{passed};
  };
  kind.narrow = [columns](const std::vector<Description>& inputs, const ColumnNames& wanted) {
    return describe(inputs[0], wanted_of(columns, wanted));
  };
  kind.actor = [columns](const Making& making) {
    return std::make_unique<Select>(wanted_of(columns, making.wanted));
  };
  return kind;
}

DeclaredKind declared_select() {
  return declared_kind("Keeps the columns that are named, in the order named.", options(),
                       [](Chosen chosen) { return select(std::move(chosen.columns)); });
}

}  // namespace leat
