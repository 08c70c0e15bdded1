#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/group/output.hpp>
#include <leat/actors/group/stage.hpp>

#include <optional>

namespace leat {
namespace {

class Combine final : public Actor {
 public:
  Combine(Group options, const Making& making)
      : options_(std::move(options)), mine_(key_groups(making.replica, making.replicas)) {
    parts_.fields_known = false;
    if (!making.inputs.empty()) parts_ = making.inputs[0];
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto ready = prepare(table.fields()); !ready) return ready.error();
    if (!block_.cover(out.budget(), Groups::block_bytes(plan_->parts.size(), table.rows()))) return full();
    groups_->begin(table, plan_->key_places, plan_->places);
    auto row = groups_->add_parts(0, out.budget());
    groups_->end();
    if (!row) return row.error();
    return *row == table.rows() ? Result<Step>(Step::done) : full();
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) return Step::done;
    if (!groups_ && !parts_.fields_known) return Step::done;
    if (auto ready = prepare(parts_.fields); !ready) return ready.error();
    if (order_.empty()) {
      if (!groups_->add_only(out.budget())) return full();
      order_ = groups_in_order(*groups_);
    }
    std::span<const std::uint32_t> left(order_.data() + next_, order_.size() - next_);
    left = left.first(results_that_fit(plan_->result, *groups_, left));
    auto table = write_results(out.pool(), *plan_, *groups_, left, emitted_ + next_);
    if (!table) return table.error();
    out.emit(std::move(*table).chunk());
    next_ += left.size();
    return next_ < order_.size() ? Step::more : Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    if (!groups_) return Snapshot();
    std::vector<bool> gone(groups_->size());
    for (std::size_t i = 0; i < next_; ++i) gone[order_[i]] = true;
    return parts_by_key_group(pool, plan_->parts, *groups_, emitted_ + next_,
                              [&](GroupPart part) { return !gone[group_of(*groups_, part)]; });
  }

  Result<void> restore(const Snapshot& from, Outbox& out) override {
    if (from.empty()) return {};
    if (auto ready = prepare(Table(from[0].chunk).fields()); !ready) return ready.error();
    return take_up(*groups_, *plan_, from, mine_, out.budget(), emitted_);
  }

 private:
  Result<void> prepare(const Fields& fields) {
    if (groups_) return {};
    auto plan = parts_plan(options_, fields);
    if (!plan) return plan.error();
    plan_ = std::move(*plan);
    groups_.emplace(plan_->groups(options_.memory));
    return {};
  }
  Error full() const { return no_room("group", "groups", groups_->size(), options_.memory); }

  Group options_;
  KeyGroups mine_;
  Description parts_;
  std::optional<GroupPlan> plan_;
  std::optional<Groups> groups_;
  GrowingHeld block_;
  std::vector<std::uint32_t> order_;
  std::size_t next_ = 0;
  std::uint64_t emitted_ = 0;  // by another, whose state this one has taken up
};

Result<Described> describe(const Description& parts, const Group& options) {
  Described made;
  made.output.fields_known = parts.fields_known;
  Fields result;
  if (parts.fields_known) {
    auto plan = parts_plan(options, parts.fields);
    if (!plan) return plan.error();
    made.output.fields = result = plan->result;
  } else {
    result = Fields(options.by.size() + options.columns.size(), Field{"a name of some length", ColumnType::TEXT});
  }
  made.output.max_chunk = made.needs.max_output = output_footprint(result, parts.max_chunk);
  made.needs.state = plus(options.memory, Groups::block_bytes(result.size(), most_rows(parts)));
  return made;
}

}  // namespace

StageKind group_combine(const Group& options, GivenOptions given) {
  auto kind = stage_kind<Table, Table>("group.combine", std::move(given));
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [options](const std::vector<Description>& inputs) { return describe(inputs[0], options); };
  kind.actor = [options](const Making& making) { return std::make_unique<Combine>(options, making); };
  return kind;
}

}  // namespace leat
