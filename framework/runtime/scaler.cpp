#include <algorithm>
#include <limits>

#include <leat/runtime/scaler.hpp>

namespace leat {
namespace {

// What nodes say may be less than what the graph has.
bool tells_of(const Progress& whole, const ReplicaPool& pool) {
  std::size_t last = *std::max_element(pool.stages.begin(), pool.stages.end());
  return std::max(last, pool.source.value_or(0)) < whole.stages.size();
}

}  // namespace

Scaler::Scaler(const std::vector<ReplicaPool>& first, ScalingLimits limits) {
  for (const ReplicaPool& pool : first) {
    first_[pool.elastic.cell] = pool.live;
    watched_.emplace(pool.elastic.cell, Watched{PoolSize(limits), {}});
  }
}

// All stages of a cell wait together, so one of them tells; what feeds the cell feeds its first.
Scaler::Moment Scaler::moment(const ReplicaPool& pool, const Progress& whole) {
  Moment now;
  now.seconds = whole.seconds;
  const StageProgress& first = whole.stages.at(pool.stages.front());
  now.visits = first.visits;
  now.sums.waiting = first.waiting;
  now.sums.queued = first.queued;
  for (StageId stage : pool.stages)
    now.sums.busy += whole.stages.at(stage).busy;
  if (pool.source) now.sums.busy += whole.stages.at(*pool.source).busy;
  return now;
}

std::size_t Scaler::room(const ReplicaPool& pool, const std::vector<NodeSpec>& nodes,
                         NodeId node) const {
  const auto& first = first_.at(pool.elastic.cell);
  return node < first.size() ? first[node] : nodes[node].cpus;
}

Scaling Scaler::look(Watched& watched, const ReplicaPool& pool, const std::vector<NodeSpec>& nodes,
                     const Progress& whole) const {
  Moment now = moment(pool, whole);
  // A replica that has been told to end still works, or one that comes has not said anything yet.
  bool settled = whole.stages.at(pool.stages.front()).replicas == pool.size();
  if (!settled || !watched.since) {
    watched.since.reset();
    if (settled) watched.since = now;
    return Scaling::hold;
  }
  const Moment& then = *watched.since;
  bool long_enough =
      now.seconds - then.seconds >= kInterval && now.visits - then.visits >= kVisits * pool.size();
  if (!long_enough) return Scaling::hold;
  PoolInterval interval{pool.size(), now.seconds - then.seconds, now.sums.busy - then.sums.busy,
                        now.sums.waiting - then.sums.waiting, now.sums.queued - then.sums.queued};
  if (pool.source) interval.queued = std::numeric_limits<double>::infinity();
  watched.since = now;
  std::size_t most = 0;
  for (NodeId node = 0; node < nodes.size(); ++node)
    most += std::max(room(pool, nodes, node), pool.on(node));
  return watched.size.decide(interval, pool.elastic.least, std::min(most, pool.elastic.most));
}

std::optional<Scaler::Wish> Scaler::wish(const std::vector<ReplicaPool>& now,
                                         const std::vector<NodeSpec>& nodes,
                                         const Progress& whole) {
  for (const ReplicaPool& pool : now) {
    auto watched = watched_.find(pool.elastic.cell);
    if (watched == watched_.end() || !tells_of(whole, pool)) continue;
    Scaling what = look(watched->second, pool, nodes, whole);
    if (what != Scaling::hold) return Wish{pool.elastic.cell, what == Scaling::grow};
  }
  return std::nullopt;
}

std::optional<PoolChange> Scaler::choose(const Wish& wish, const std::vector<ReplicaPool>& now,
                                         const std::vector<NodeSpec>& nodes,
                                         const PoolChoices& possible) const {
  auto pool = std::find_if(now.begin(), now.end(),
                           [&](const ReplicaPool& p) { return p.elastic.cell == wish.cell; });
  if (pool == now.end()) return std::nullopt;
  const PoolChange* best = nullptr;
  std::size_t most = 0;
  for (const PoolChange& change : wish.grow ? possible.growths : possible.shrinkings) {
    if (change.cell != wish.cell) continue;
    std::size_t live = pool->on(change.node);
    std::size_t free = std::max(room(*pool, nodes, change.node), live) - live;
    std::size_t weight = wish.grow ? free : live;
    // Of a node's replicas the last goes first.
    if (weight == 0 || weight < most || (weight == most && wish.grow)) continue;
    best = &change;
    most = weight;
  }
  return best ? std::optional(*best) : std::nullopt;
}

}  // namespace leat
