#include <leat/actors/rows/distinct.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/group/output.hpp>
#include <leat/actors/group/stage.hpp>
#include <leat/actors/rows/first_rows.hpp>

#include <algorithm>
#include <numeric>
#include <optional>

namespace leat {
namespace {

constexpr const char* kName = "distinct";
using Positions = std::vector<std::size_t>;

Result<Positions> keys_of(const Fields& fields, const std::vector<std::string>& names) {
  Positions found(names.empty() ? fields.size() : 0);
  std::iota(found.begin(), found.end(), std::size_t{0});
  for (const std::string& name : names) {
    auto position = only_column(kName, fields, name);
    if (!position) return position.error();
    if (std::find(found.begin(), found.end(), *position) != found.end()) {
      return invalid("distinct names column " + name + " twice: name it once");
    }
    found.push_back(*position);
  }
  return found;
}

// Keeps the first rows, and gives them at the end; a replica's also when there is no room for more.
class Keep final : public Actor {
 public:
  Keep(const Distinct& options, bool combines, const Making& making)
      : names_(options.columns),
        memory_(combines ? options.memory : options.memory / 4),
        combines_(combines),
        mine_(key_groups(making.replica, making.replicas)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.position % 2 == 1 && !give(out)) return Step::more;
    Table table(visit.chunk);
    std::size_t from = visit.position / 2;
    bool empty = !groups_ || groups_->size() == 0;
    auto row = add(table, from, out);
    if (!row) return row.error();
    if (*row == table.rows()) return Step::done;
    if (combines_ || (empty && *row == from)) return no_room(kName, "rows", groups_->size(), memory_);
    visit.position = 2 * *row + 1;
    return Step::more;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted || !groups_ || groups_->size() == 0) return Step::done;
    return give(out) ? Step::done : Step::more;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    Snapshot taken;
    if (!groups_) return taken;
    std::vector<std::uint32_t> left = order_;
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(next_));
    if (order_.empty()) left = in_order();
    auto key_group_of = [&](std::uint32_t group) { return groups_->keys().key_group_of(group); };
    std::stable_sort(left.begin(), left.end(), [&](auto a, auto b) { return key_group_of(a) < key_group_of(b); });
    for (std::span<const std::uint32_t> some(left); !some.empty();) {
      KeyGroup of = key_group_of(some[0]);
      std::size_t end = 0;
      while (end < some.size() && key_group_of(some[end]) == of) ++end;
      end = fitting(some.first(end));
      taken.push_back({table_of(pool, some.first(end)).chunk(), of});
      some = some.subspan(end);
    }
    return taken;
  }

  Result<void> restore(const Snapshot& from, Outbox& out) override {
    for (const StatePart& part : from) {
      if (part.group && !mine_.has(*part.group)) continue;
      Table table(part.chunk);
      auto row = add(table, 0, out);
      if (!row) return row.error();
      if (*row < table.rows()) return no_room(kName, "rows", groups_->size(), memory_);
    }
    return {};
  }

 private:
  Result<std::size_t> add(const Table& table, std::size_t from, Outbox& out) {
    if (auto ready = prepare(table.fields()); !ready) return ready.error();
    std::uint64_t block = Groups::block_bytes(keys_.size() + 1, table.rows());
    if (!block_.cover(out.budget(), block)) return no_room(kName, "rows", groups_->size(), out.budget().limit());
    groups_->begin(table, keys_, {Groups::kNoColumn});
    std::size_t row = groups_->add(from, out.budget());
    groups_->end();
    return row;
  }
  Result<void> prepare(Fields fields) {
    if (rows_ && rows_->takes(fields)) return {};
    if (rows_) {
      return invalid("distinct got columns " + listed(fields) + " after " + listed(rows_->fields()) +
                     ": streams that are merged must have the same columns");
    }
    auto keys = keys_of(fields, names_);
    if (!keys) return keys.error();
    keys_ = std::move(*keys);
    std::vector<ColumnType> types;
    for (std::size_t key : keys_) types.push_back(fields[key].type);
    rows_.emplace(std::move(fields), keys_);
    auto make = [rows = *rows_] {
      GroupStates states;
      states.push_back(std::make_unique<FirstRows>(rows));
      return states;
    };
    groups_.emplace(std::move(types), std::move(make), memory_);
    return {};
  }

  const FirstRows& first_rows() const { return static_cast<const FirstRows&>(*groups_->states()[0]); }
  std::vector<std::uint32_t> in_order() const {
    std::vector<std::uint32_t> order(groups_->size());
    std::iota(order.begin(), order.end(), 0u);
    std::erase_if(order, [&](std::uint32_t group) { return !first_rows().has(group); });
    std::sort(order.begin(), order.end(), [&](auto a, auto b) {
      std::uint64_t x = first_rows().number(a), y = first_rows().number(b);
      return x != y ? x < y : groups_->keys().compare(a, b) < 0;
    });
    return order;
  }
  std::size_t letters(std::uint32_t group) const {
    return groups_->keys().text_bytes(group) + first_rows().bytes(group).size();
  }
  std::size_t fitting(std::span<const std::uint32_t> order) const {
    return rows_that_fit(rows_->fields(), order.size(), [&](std::size_t row) { return letters(order[row]); });
  }
  Table table_of(Pool& pool, std::span<const std::uint32_t> order) const {
    TableRoom room{.rows = order.size(), .row_numbers = true};
    for (std::uint32_t group : order) room.heap += letters(group);
    TableBuilder builder(pool, rows_->fields(), room);
    for (std::size_t i = 0; i < keys_.size(); ++i) groups_->keys().write(i, order, builder, keys_[i]);
    for (std::size_t row = 0; row < order.size(); ++row) {
      rows_->put(first_rows().bytes(order[row]), builder, row);
      builder.row_numbers()[row] = first_rows().number(order[row]);
    }
    return std::move(builder).finish(order.size(), first_rows().number(order[0]));
  }
  // Emits a Table; true when nothing is left.
  bool give(Outbox& out) {
    if (order_.empty()) order_ = in_order();
    std::span<const std::uint32_t> left(order_.data() + next_, order_.size() - next_);
    left = left.first(fitting(left));
    out.emit(table_of(out.pool(), left).chunk());
    next_ += left.size();
    if (next_ < order_.size()) return false;
    groups_->clear();
    order_.clear();
    next_ = 0;
    return true;
  }

  std::vector<std::string> names_;
  std::uint64_t memory_;
  bool combines_;
  KeyGroups mine_;
  Positions keys_;
  std::optional<RowBytes> rows_;
  std::optional<Groups> groups_;
  GrowingHeld block_;
  std::vector<std::uint32_t> order_;  // while they are given
  std::size_t next_ = 0;
};

Result<Described> describe(const Description& rows, const Distinct& options, std::uint64_t memory) {
  Described made{rows, {}};
  if (rows.fields_known) {
    auto keys = keys_of(rows.fields, options.columns);
    if (!keys) return keys.error();
    if (auto sure = none_twice(kName, rows, options.columns); !sure) return sure.error();
    made.output.fields = RowBytes(rows.fields, {}).fields();
  }
  Fields fields = rows.fields_known ? made.output.fields : Fields(8, Field{"a name of some length", ColumnType::TEXT});
  made.output.max_chunk = made.needs.max_output = output_footprint(fields, rows.max_chunk);
  made.needs.state = plus(memory, Groups::block_bytes(fields.size() + 1, most_rows(rows)));
  return made;
}

OptionsOf<Distinct> options_of_distinct() {
  return OptionsOf<Distinct>()
      .takes(&Distinct::columns,
             {.name = "columns", .sentence = "columns in which rows are to differ", .fallback = "all"})
      .takes(&Distinct::memory, {.name = "memory",
                                 .type = OptionType::bytes,
                                 .sentence = "what all rows may take; a replica has a quarter of it",
                                 .unit = "bytes",
                                 .least = 256 << 10});
}

Kind<Table, Table> keeping(const Distinct& options, bool combines) {
  auto kind = stage_kind<Table, Table>(combines ? "distinct.combine" : kName, options_of_distinct().of(options));
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [options, combines](const std::vector<Description>& inputs) {
    return describe(inputs[0], options, combines ? options.memory : options.memory / 4);
  };
  kind.reads = [options](const std::vector<Description>&, ColumnNames wanted) {
    wanted.add(options.columns.empty() ? ColumnNames::all() : ColumnNames::of(options.columns));
    return std::vector{wanted};
  };
  kind.actor = [options, combines](const Making& making) { return std::make_unique<Keep>(options, combines, making); };
  return kind;
}

}  // namespace

Kind<Table, Table> distinct(Distinct options) {
  auto kind = keeping(options, false);
  kind.sharing = Sharing::combinable;
  kind.combine = std::make_shared<StageKind>(keeping(options, true));
  return kind;
}

DeclaredKind declared_distinct() {
  return declared_kind("Of rows that are equal in some columns, or in all, the first.", options_of_distinct(),
                       [](Distinct options) { return distinct(std::move(options)); });
}

}  // namespace leat
