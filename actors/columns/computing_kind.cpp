#include <leat/actors/columns/computed_columns.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>

#include <algorithm>
#include <set>

namespace leat {
namespace {

class Computing final : public Actor {
 public:
  Computing(std::string kind, std::vector<ComputedColumn> columns)
      : kind_(std::move(kind)), columns_(std::move(columns)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (columns_.empty()) {
      out.emit(visit.take());
      return Step::done;
    }
    Table table(visit.chunk);
    if (!bound_ || !bound_->fit(table)) {
      auto bound = ComputedColumns::bind(kind_, table.fields(), columns_);
      if (!bound) return bound.error();
      bound_ = std::move(bound).value();
    }
    auto made = bound_->table(out.pool(), table);
    if (!made) return made.error();
    out.emit(std::move(*made).chunk());
    return Step::done;
  }

 private:
  std::string kind_;
  std::vector<ComputedColumn> columns_;
  std::optional<ComputedColumns> bound_;
};

std::vector<std::string> names_of(const std::vector<ComputedColumn>& columns) {
  std::vector<std::string> names;
  for (const ComputedColumn& column : columns) {
    names.push_back(column.name);
    names.insert(names.end(), column.value.columns().begin(), column.value.columns().end());
  }
  return names;
}

Result<Described> describe(const std::string& kind, const Description& rows,
                           const std::vector<ComputedColumn>& columns) {
  Described made{rows, {}};
  if (columns.empty()) {
    made.needs.max_output = rows.max_chunk;
    return made;
  }
  if (auto ok = none_twice(kind, rows, names_of(columns)); !ok) return ok.error();
  if (!rows.fields_known) {
    // Any columns may come, of any of which texts are made.
    made.needs.state = made.needs.max_output = made.output.max_chunk = grown_chunk(rows, 16 * columns.size());
    made.needs.state = plus(times(4, made.needs.state), times(columns.size(), 64 * kSlotBytes));
    return made;
  }
  auto bound = ComputedColumns::bind(kind, rows.fields, columns);
  if (!bound) return bound.error();
  made.output.fields = bound->fields();
  made.needs.state = bound->state(rows);
  made.output.max_chunk = made.needs.max_output = bound->most(rows);
  return made;
}

}  // namespace

std::vector<ComputedColumn> wanted_of(const std::vector<ComputedColumn>& columns, const ColumnNames& wanted) {
  std::vector<ComputedColumn> needed;
  ColumnNames left = wanted;
  for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
    if (!left.has(column->name)) continue;
    left.remove(column->name);
    left.add(ColumnNames::of(column->value.columns()));
    needed.insert(needed.begin(), *column);
  }
  return needed;
}

ColumnNames columns_read(const std::vector<ComputedColumn>& columns, const ColumnNames& wanted) {
  ColumnNames left = wanted;
  std::set<std::string> read;
  auto needed = wanted_of(columns, wanted);
  for (auto column = needed.rbegin(); column != needed.rend(); ++column) {
    left.remove(column->name);
    left.add(ColumnNames::of(column->value.columns()));
    read.insert(column->value.columns().begin(), column->value.columns().end());
  }
  for (const ComputedColumn& column : needed) {
    if (read.count(column.name) && left.reads(column.name)) left.add(ColumnNames::changed({column.name}));
  }
  return left;
}

Kind<Table, Table> computing_kind(const std::string& name, GivenOptions options, std::vector<ComputedColumn> columns) {
  auto kind = stage_kind<Table, Table>(name, std::move(options));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [name, columns](const std::vector<Description>& inputs) {
    return describe(name, inputs[0], columns);
  };
  kind.narrow = [name, columns](const std::vector<Description>& inputs, const ColumnNames& wanted) {
    return describe(name, inputs[0], wanted_of(columns, wanted));
  };
  kind.reads = [columns](const std::vector<Description>&, const ColumnNames& wanted) {
    return std::vector{columns_read(columns, wanted)};
  };
  kind.actor = [name, columns](const Making& making) {
    return std::make_unique<Computing>(name, wanted_of(columns, making.wanted));
  };
  return kind;
}

}  // namespace leat
