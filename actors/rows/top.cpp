#include <leat/actors/rows/top.hpp>

#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/group/output.hpp>
#include <leat/actors/group/stage.hpp>
#include <leat/actors/rows/top_rows.hpp>

#include <algorithm>
#include <optional>
#include <tuple>

namespace leat {
namespace {

constexpr const char* kName = "top";

Result<RowOrder> order_of(const Fields& fields, const Top& options) {
  std::vector<std::size_t> columns;
  for (const std::string& name : options.by) {
    auto position = only_column(kName, fields, name);
    if (!position) return position.error();
    if (std::find(columns.begin(), columns.end(), *position) != columns.end()) {
      return invalid("top names column " + name + " twice: name it once");
    }
    columns.push_back(*position);
  }
  if (columns.empty()) return invalid("top names no column: name those to order rows by");
  return RowOrder(std::move(columns), !options.least);
}

// Keeps the first rows. Replicas give them by their numbers, what combines them in their order.
class Keep final : public Actor {
 public:
  Keep(Top options, bool combines, const Making& making)
      : options_(std::move(options)), combines_(combines), mine_(key_groups(making.replica, making.replicas)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (auto added = add(Table(visit.chunk), out); !added) return added.error();
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted || !rows_ || rows_->rows().empty()) return Step::done;
    if (order_.empty()) order_ = in_order(combines_);
    std::span<const TopRow* const> left(order_.data() + next_, order_.size() - next_);
    left = left.first(fitting(left));
    std::uint64_t first_row = combines_ ? emitted_ + next_ : left[0]->number;
    out.emit(table_of(out.pool(), left, !combines_, first_row).chunk());
    next_ += left.size();
    return next_ < order_.size() ? Step::more : Step::done;
  }

  // All in one key group, so that one replica takes them up.
  Result<Snapshot> snapshot(Pool& pool) const override {
    Snapshot taken;
    if (!rows_) return taken;
    std::vector<const TopRow*> left(order_.begin() + static_cast<std::ptrdiff_t>(next_), order_.end());
    if (order_.empty()) left = in_order(false);
    std::sort(left.begin(), left.end(), by_number);
    for (std::span<const TopRow* const> some(left); !some.empty();) {
      std::size_t end = fitting(some);
      taken.push_back({table_of(pool, some.first(end), true, emitted_ + next_).chunk(), KeyGroup{0}});
      some = some.subspan(end);
    }
    return taken;
  }

  Result<void> restore(const Snapshot& from, Outbox& out) override {
    for (const StatePart& part : from) {
      if (part.group && !mine_.has(*part.group)) continue;
      Table table(part.chunk);
      if (auto added = add(table, out); !added) return added;
      emitted_ = table.first_row();
    }
    return {};
  }

 private:
  Result<void> add(const Table& table, Outbox& out) {
    Fields fields = table.fields();
    if (rows_ && !rows_->bytes().takes(fields)) {
      return invalid("top got columns " + listed(fields) + " after " + listed(rows_->bytes().fields()) +
                     ": streams that are merged must have the same columns");
    }
    if (!rows_) {
      auto order = order_of(fields, options_);
      if (!order) return order.error();
      rows_.emplace(std::move(*order), std::move(fields), options_.count, options_.memory);
    }
    if (rows_->add(table, out.budget())) {
      if (!combines_) cut_off(out);
      return {};
    }
    return no_room(kName, "rows", rows_->rows().size(), std::min(options_.memory, out.budget().limit()));
  }

  void cut_off(Outbox& out) {
    auto cutoff = rows_->cutoff();
    if (!cutoff || cutoff == cutoff_) return;
    cutoff_ = cutoff;
    out.cut_off(*cutoff);
  }

  static bool by_number(const TopRow* a, const TopRow* b) {
    return std::tie(a->number, a->key, a->bytes) < std::tie(b->number, b->key, b->bytes);
  }
  std::vector<const TopRow*> in_order(bool of_rows) const {
    std::vector<const TopRow*> order;
    for (const TopRow& row : rows_->rows()) order.push_back(&row);
    std::sort(order.begin(), order.end(), [&](const TopRow* a, const TopRow* b) {
      return of_rows ? std::tie(a->key, a->number, a->bytes) < std::tie(b->key, b->number, b->bytes) : by_number(a, b);
    });
    return order;
  }
  std::size_t fitting(std::span<const TopRow* const> order) const {
    auto letters = [&](std::size_t row) { return order[row]->bytes.size(); };
    return rows_that_fit(rows_->bytes().fields(), order.size(), letters);
  }
  Table table_of(Pool& pool, std::span<const TopRow* const> order, bool numbered, std::uint64_t first_row) const {
    TableRoom room{.rows = order.size(), .row_numbers = numbered};
    for (const TopRow* row : order) room.heap += row->bytes.size();
    TableBuilder builder(pool, rows_->bytes().fields(), room);
    for (std::size_t row = 0; row < order.size(); ++row) {
      rows_->bytes().put(order[row]->bytes, builder, row);
      if (numbered) builder.row_numbers()[row] = order[row]->number;
    }
    return std::move(builder).finish(order.size(), first_row);
  }

  Top options_;
  bool combines_;
  KeyGroups mine_;
  std::optional<TopRows> rows_;
  std::optional<Cutoff> cutoff_;  // as it was said last
  std::vector<const TopRow*> order_;  // while they are given
  std::size_t next_ = 0;
  std::uint64_t emitted_ = 0;  // by another, whose state this one has taken up
};

Result<Described> describe(const Description& rows, const Top& options) {
  Described made{rows, {}};
  if (options.by.empty()) return order_of({}, options).error();
  if (rows.fields_known) {
    auto order = order_of(rows.fields, options);
    if (!order) return order.error();
    if (auto sure = none_twice(kName, rows, options.by); !sure) return sure.error();
    made.output.fields = RowBytes(rows.fields, {}).fields();
  }
  Fields fields = rows.fields_known ? made.output.fields : Fields(8, Field{"a name of some length", ColumnType::TEXT});
  made.output.max_chunk = made.needs.max_output = output_footprint(fields, rows.max_chunk);
  made.needs.state = options.memory;
  return made;
}

OptionsOf<Top> options_of_top() {
  return OptionsOf<Top>()
      .needs(&Top::by, {.name = "by", .sentence = "columns to order rows by, the first one first"})
      .takes(&Top::count, {.name = "count", .sentence = "how many rows", .unit = "rows", .least = 1})
      .takes(&Top::least, {.name = "least", .sentence = "whether the least come first, not the greatest"})
      .takes(&Top::memory, {.name = "memory",
                            .type = OptionType::bytes,
                            .sentence = "what the rows may take in each replica, and where they are combined",
                            .unit = "bytes",
                            .least = 64 << 10});
}

Kind<Table, Table> keeping(const Top& options, bool combines) {
  auto kind = stage_kind<Table, Table>(combines ? "top.combine" : kName, options_of_top().of(options));
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [options](const std::vector<Description>& inputs) { return describe(inputs[0], options); };
  kind.reads = [options](const std::vector<Description>&, ColumnNames wanted) {
    wanted.add(ColumnNames::of(options.by));
    return std::vector{wanted};
  };
  kind.actor = [options, combines](const Making& making) { return std::make_unique<Keep>(options, combines, making); };
  return kind;
}

}  // namespace

Kind<Table, Table> top(Top options) {
  auto kind = keeping(options, false);
  kind.sharing = Sharing::combinable;
  kind.combine = std::make_shared<StageKind>(keeping(options, true));
  return kind;
}

DeclaredKind declared_top() {
  return declared_kind("The rows with the greatest, or least, cells of some columns.", options_of_top(),
                       [](Top options) { return top(std::move(options)); });
}

}  // namespace leat
