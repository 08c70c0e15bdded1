#include <leat/actors/group/output.hpp>
#include <leat/actors/group/stage.hpp>

#include <algorithm>
#include <optional>

namespace leat {
namespace {

bool same_types(const Fields& a, const Fields& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Field& x, const Field& y) { return x.name == y.name && x.type == y.type; });
}

// Groups rows; what there is goes down as parts when there is no room for more, and at the end.
class Fold final : public Actor {
 public:
  Fold(Group options, const Making& making)
      : options_(std::move(options)), mine_(key_groups(making.replica, making.replicas)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto ready = prepare(table, out); !ready) return ready.error();
    if (visit.position % 2 == 1 && !flush(out)) return Step::more;
    std::size_t from = visit.position / 2;
    bool empty = groups_->size() == 0;
    groups_->begin(table, plan_->key_places, plan_->places);
    std::size_t row = groups_->add(from, out.budget());
    groups_->end();
    if (row == table.rows()) return Step::done;
    if (empty && row == from) return no_room("group", "groups", 0, replica_memory(options_));
    visit.position = 2 * row + 1;
    return Step::more;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted || !groups_ || groups_->size() == 0) return Step::done;
    return flush(out) ? Step::done : Step::more;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    if (!groups_) return Snapshot();
    // What has gone down already is no state any more.
    std::vector<std::vector<bool>> gone(plan_->aggregates.size() + 1);
    auto place = [](GroupPart part) { return part.state == GroupPart::kGroup ? 0 : part.state + 1; };
    for (std::size_t i = 0; i < next_; ++i) {
      auto& of = gone[place(order_[i])];
      if (of.size() <= order_[i].index) of.resize(order_[i].index + 1);
      of[order_[i].index] = true;
    }
    return parts_by_key_group(pool, plan_->parts, *groups_, 0, [&](GroupPart part) {
      const auto& of = gone[place(part)];
      return part.index >= of.size() || !of[part.index];
    });
  }

  Result<void> restore(const Snapshot& from, Outbox& out) override {
    if (from.empty()) return {};
    auto parts = parts_plan(options_, Table(from[0].chunk).fields());
    if (!parts) return parts.error();
    plan_ = *parts;
    groups_.emplace(plan_->groups(replica_memory(options_)));
    std::uint64_t first_row = 0;
    return take_up(*groups_, *plan_, from, mine_, out.budget(), first_row);
  }

 private:
  Result<void> prepare(const Table& table, Outbox& out) {
    Fields fields = table.fields();
    if (fields != fields_) {
      auto plan = group_plan(options_, fields);
      if (!plan) return plan.error();
      if (plan_ && !same_types(plan_->parts, plan->parts)) {
        return invalid("group got columns " + listed(plan->parts) + " after " + listed(plan_->parts) +
                       ": streams that are merged must have columns of the same types");
      }
      plan_ = std::move(*plan);
      if (!groups_) groups_.emplace(plan_->groups(replica_memory(options_)));
      fields_ = std::move(fields);
    }
    std::uint64_t bytes = Groups::block_bytes(plan_->parts.size(), table.rows());
    if (block_.cover(out.budget(), bytes)) return {};
    return no_room("group", "groups", groups_->size(), bytes);
  }

  // Emits a Table of parts; true when none is left.
  bool flush(Outbox& out) {
    if (order_.empty()) order_ = parts_in_order(*groups_, true);
    std::span<const GroupPart> left(order_.data() + next_, order_.size() - next_);
    left = left.first(parts_that_fit(plan_->parts, *groups_, left));
    out.emit(write_parts(out.pool(), plan_->parts, *groups_, left).chunk());
    next_ += left.size();
    if (next_ < order_.size()) return false;
    groups_->clear();
    order_.clear();
    next_ = 0;
    return true;
  }

  Group options_;
  KeyGroups mine_;
  Fields fields_;
  std::optional<GroupPlan> plan_;
  std::optional<Groups> groups_;
  GrowingHeld block_;
  std::vector<GroupPart> order_;  // while it is flushed
  std::size_t next_ = 0;
};

}  // namespace

Error no_room(std::string_view kind, std::string_view what, std::size_t groups, std::uint64_t bytes) {
  return overloaded(std::string(kind) + " has " + std::to_string(groups) + " " + std::string(what) + " in the " +
                    std::to_string(bytes) + " bytes it may take, and no room for the next: raise its option memory");
}

Result<void> take_up(Groups& groups, const GroupPlan& parts, const Snapshot& from, KeyGroups mine, StateBudget& budget,
                     std::uint64_t& first_row) {
  for (const StatePart& part : from) {
    if (part.group && !mine.has(*part.group)) continue;
    Table table(part.chunk);
    first_row = table.first_row();
    std::vector<std::size_t> places;
    for (std::size_t i = parts.keys.size(); i < parts.parts.size(); ++i) places.push_back(i);
    std::vector<std::size_t> keys(parts.keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = i;
    groups.begin(table, keys, places);
    auto row = groups.add_parts(0, budget);
    groups.end();
    if (!row) return row.error();
    if (*row < table.rows()) return no_room("group", "groups", groups.size(), budget.limit());
  }
  return {};
}

std::unique_ptr<Actor> group_fold(const Group& options, const Making& making) {
  return std::make_unique<Fold>(options, making);
}

}  // namespace leat
