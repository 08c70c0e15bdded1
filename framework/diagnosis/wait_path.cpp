#include <leat/diagnosis/wait_path.hpp>

#include <algorithm>
#include <vector>

namespace leat {
namespace {

// From where on it is said to be so.
constexpr double kMostly = 0.5;
// Threads that do so much of what they could are all in use.
constexpr double kUsedUp = 0.8;
// Of those that a merge takes from: so much of their time they wait for it because of the order.
constexpr double kHeldUp = 0.25;

class Path {
 public:
  explicit Path(const WaitGraph& graph) : graph_(graph) {}

  WaitEnd follow(std::size_t cell) {
    std::optional<std::size_t> at = cell;
    while (at) at = step(*at);
    return end_;
  }

 private:
  using Next = std::optional<std::size_t>;

  const CellWindow& window(std::size_t cell) const { return graph_.cells()[cell]; }
  const ChannelWindow& channel(std::size_t index) const { return graph_.channels()[index]; }

  Next step(std::size_t cell) {
    const CellWindow& here = window(cell);
    end_.cell = cell;
    if (!graph_.heard(cell)) return ends(Cause::node, first_stage(here), here.most(), end_.least);
    if (std::find(passed_.begin(), passed_.end(), cell) != passed_.end()) return round(cell);
    passed_.push_back(cell);
    Activity most = here.most();
    end_.least = std::min(end_.least, here.share(most));
    switch (most) {
      case Activity::visit: return visits(cell);
      case Activity::read: return ends(Cause::read, first_stage(here), most, here.share(most));
      case Activity::turn: return turn(cell);
      case Activity::later: return later(here);
      case Activity::ready: return ready(cell);
      case Activity::credit: return credit(cell);
      case Activity::input: return input(cell);
      case Activity::order: return order(cell);
      case Activity::build: end_.through_gate = true; return input(cell);
      case Activity::gate: return gate(here);
      case Activity::move: break;
    }
    return ends(Cause::unclear, last_stage(here), most, here.share(most));
  }

  Next ends(Cause cause, StageId stage, Activity activity, double share) {
    end_.cause = cause;
    end_.stage = stage;
    end_.activity = activity;
    end_.share = share;
    return std::nullopt;
  }
  Next lost(std::size_t cell) {
    const CellWindow& here = window(cell);
    return ends(Cause::unclear, last_stage(here), here.most(), here.share(here.most()));
  }

  static StageId first_stage(const CellWindow& cell) { return cell.cell.stages.empty() ? 0 : cell.cell.stages.front(); }
  static StageId last_stage(const CellWindow& cell) { return cell.cell.stages.empty() ? 0 : cell.cell.stages.back(); }

  // It came back: nothing can move, or each waits for the other now and then.
  Next round(std::size_t cell) {
    auto from = std::find(passed_.begin(), passed_.end(), cell);
    bool still = std::none_of(from, passed_.end(), [this](std::size_t one) { return window(one).moved; });
    // Wherever one came in, it is the same circle.
    const CellWindow& here = window(*std::min_element(from, passed_.end()));
    return ends(still ? Cause::cycle : Cause::unclear, last_stage(here), here.most(), here.share(here.most()));
  }

  Next visits(std::size_t cell) {
    const CellWindow& here = window(cell);
    if (here.cell.stages.empty()) return lost(cell);
    if (auto merge = holds_up(cell)) return waits_for_unheard(*merge) ? merge : orders(*merge);
    std::size_t busiest = here.busiest();
    return ends(skewed(cell) ? Cause::skew : Cause::visit, here.cell.stages[busiest], Activity::visit,
                here.share(Activity::visit));
  }

  // Others of its stage have nothing to do, and must not take what is its.
  bool skewed(std::size_t cell) const {
    const CellWindow& here = window(cell);
    bool keyed = std::any_of(here.in.begin(), here.in.end(), [this](std::size_t in) { return channel(in).channel.keyed; });
    auto all = graph_.replicas(cell);
    if (!keyed || all.size() < 2) return false;
    auto idle = std::count_if(all.begin(), all.end(), [this](std::size_t one) {
      return window(one).share(Activity::input) >= kMostly;
    });
    return static_cast<std::size_t>(idle) * 2 >= all.size();
  }

  Next turn(std::size_t cell) {
    double reads = 0;
    for (std::size_t one : graph_.replicas(cell)) reads += window(one).share(Activity::read);
    return ends(Cause::read, first_stage(window(cell)), Activity::read, std::min(1.0, reads));
  }

  Next later(const CellWindow& here) {
    StageId stage = here.cell.at.value_or(first_stage(here));
    bool source = here.in.empty() && stage == first_stage(here);
    return ends(source ? Cause::read : Cause::visit, stage, Activity::later, here.share(Activity::later));
  }

  Next credit(std::size_t cell) {
    const CellWindow& here = window(cell);
    auto longest = std::max_element(here.out.begin(), here.out.end(), [this](std::size_t a, std::size_t b) {
      return channel(a).waited_ns < channel(b).waited_ns;
    });
    if (longest == here.out.end()) return lost(cell);
    const ChannelWindow& waits = channel(*longest);
    if (waits.channel.remote && links_fault(waits)) {
      end_.to = waits.channel.to;
      return ends(Cause::link, waits.channel.from, Activity::credit, here.share(Activity::credit));
    }
    return waits.to ? waits.to : lost(cell);
  }

  // There is no thread free; or one is, and it was woken for the thread of another cell, and goes on after that.
  Next ready(std::size_t cell) {
    const CellWindow& here = window(cell);
    const NodeSnapshot* node = graph_.node(cell);
    double all = 0;
    Next busiest;
    for (std::size_t one = 0; one < graph_.cells().size(); ++one) {
      const CellSnapshot& other = window(one).cell;
      if (other.node != here.cell.node || other.detached) continue;
      all += running(one);
      bool may = one != cell && std::find(passed_.begin(), passed_.end(), one) == passed_.end();
      if (may && (!busiest || running(one) > running(*busiest))) busiest = one;
    }
    bool used_up = !node || all >= kUsedUp * static_cast<double>(node->threads);
    if (used_up || !busiest || running(*busiest) < kMostly) {
      return ends(Cause::threads, last_stage(here), Activity::ready, here.share(Activity::ready));
    }
    return busiest;
  }

  double running(std::size_t cell) const {
    const CellWindow& of = window(cell);
    return of.share(Activity::visit) + of.share(Activity::read) + of.share(Activity::move);
  }

  // What was sent has not come, or its consumer has nothing. One moment shows little: who had something else to do
  // for most of the window was not kept waiting by the way, whatever was on it when that was read.
  bool links_fault(const ChannelWindow& waits) const {
    if (!waits.to || !graph_.heard(*waits.to)) return false;
    const CellWindow& consumer = window(*waits.to);
    double starved = consumer.share(Activity::input);
    if (starved >= kMostly) return true;
    return shares(consumer) - starved < kMostly && waits.under_way > waits.queued;
  }

  static double shares(const CellWindow& of) {
    double all = 0;
    for (std::size_t i = 0; i < kActivities; ++i) all += of.share(static_cast<Activity>(i));
    return all;
  }

  // Which of those above keeps it waiting: the one that is at work most.
  Next above(std::size_t cell, bool whole_first) const {
    Next most;
    double best = -1;
    for (std::size_t index : window(cell).in) {
      const ChannelWindow& in = channel(index);
      if (!in.from) continue;
      if (!graph_.heard(*in.from)) return in.from;
      const CellWindow& from = window(*in.from);
      double score = 1 - from.share(Activity::input) - from.share(Activity::credit) / 2;
      // The side that is read first is the one whose number it says.
      if (whole_first && window(cell).cell.channel == in.channel.id) score += 2;
      if (score > best) most = in.from;
      best = std::max(best, score);
    }
    return most;
  }

  Next input(std::size_t cell) {
    auto from = above(cell, window(cell).most() == Activity::build);
    if (!from) return lost(cell);
    // Who is above has no credit, and it has nothing: it is between them.
    for (std::size_t index : window(cell).in) {
      const ChannelWindow& in = channel(index);
      bool stays = in.channel.remote && in.from == from && graph_.heard(*from) &&
                   window(*from).most() == Activity::credit && starves(*from) == index;
      if (!stays) continue;
      end_.to = in.channel.to;
      end_.cell = *from;
      return ends(Cause::link, in.channel.from, Activity::credit, window(*from).share(Activity::credit));
    }
    return from;
  }

  std::optional<std::size_t> starves(std::size_t cell) const {
    const auto& out = window(cell).out;
    auto longest = std::max_element(out.begin(), out.end(), [this](std::size_t a, std::size_t b) {
      return channel(a).waited_ns < channel(b).waited_ns;
    });
    return longest == out.end() ? Next() : *longest;
  }

  // Those above wait for credit because it waits for a number: the order costs. Or all of them work.
  Next order(std::size_t cell) {
    auto from = above(cell, false);
    if (!from) return lost(cell);
    if (!graph_.heard(*from)) return from;
    return order_costs(cell) ? orders(cell) : from;
  }

  bool order_costs(std::size_t merge) const {
    double held = 0;
    std::size_t count = 0;
    for (std::size_t index : window(merge).in) {
      if (!channel(index).from) continue;
      held += window(*channel(index).from).share(Activity::credit);
      ++count;
    }
    return count > 1 && held >= kHeldUp * static_cast<double>(count);
  }

  // The merge that waits for the cell's number while the cell's sisters wait for credit of it.
  Next holds_up(std::size_t cell) const {
    for (std::size_t out : window(cell).out) {
      auto to = channel(out).to;
      if (to && window(*to).most() == Activity::order && (order_costs(*to) || waits_for_unheard(*to))) return to;
    }
    return std::nullopt;
  }

  bool waits_for_unheard(std::size_t merge) const {
    auto from = above(merge, false);
    return from && !graph_.heard(*from);
  }

  Next orders(std::size_t merge) {
    const CellWindow& here = window(merge);
    const ChannelSnapshot& in = channel(here.in.front()).channel;
    end_.to = in.from;
    return ends(Cause::order, in.to, Activity::order, here.share(Activity::order));
  }

  Next gate(const CellWindow& here) {
    end_.through_gate = true;
    std::size_t cell = end_.cell;
    if (!here.cell.at) return lost(cell);
    Next most;
    double least = 2;
    for (std::size_t one : graph_.running(*here.cell.at)) {
      double waits = window(one).share(Activity::input);
      if (waits < least) most = one;
      least = std::min(least, waits);
    }
    return most ? most : lost(cell);
  }

  const WaitGraph& graph_;
  std::vector<std::size_t> passed_;
  WaitEnd end_;
};

}  // namespace

WaitEnd follow(const WaitGraph& graph, std::size_t from) { return Path(graph).follow(from); }

}  // namespace leat
