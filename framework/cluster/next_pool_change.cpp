#include <leat/cluster/next_pool_change.hpp>

#include <utility>
#include <vector>

namespace leat {

bool NextPoolChange::look(const PlacedJob& placed) {
  if (placed.pools.empty()) return false;
  wish_ = scaler_.wish(placed.pools, parts_.specs(), parts_.progress());
  return wish_.has_value();
}

std::optional<PoolChange> NextPoolChange::for_drained(const PlacedJob& placed) const {
  for (const PoolChange& change : placed.possible.shrinkings) {
    const JobPart& part = parts_[change.node];
    if (part.takes_part && part.drains) return change;
  }
  return std::nullopt;
}

// Of several pools the one comes first that the node has fewest replicas of: they take turns.
std::optional<PoolChange> NextPoolChange::for_late(const PlacedJob& placed) const {
  for (NodeId node = 0; node < parts_.size(); ++node) {
    const JobPart& part = parts_[node];
    if (!part.late || part.drains || part.crowded || part.grown >= part.member.joined.node.cpus) continue;
    std::vector<PoolChange> able;
    for (const PoolChange& change : placed.possible.growths) {
      if (change.node == node) able.push_back(change);
    }
    if (!able.empty()) return able[part.grown % able.size()];
  }
  return std::nullopt;
}

std::optional<PoolChange> NextPoolChange::for_wish(const std::optional<PlacedJob>& placed) {
  auto wish = std::exchange(wish_, std::nullopt);
  if (!wish || !placed) return std::nullopt;
  PoolChoices possible = placed->possible;
  std::erase_if(possible.growths, [&](const PoolChange& change) {
    const JobPart& part = parts_[change.node];
    return !part.takes_part || part.drains || part.crowded;
  });
  return scaler_.choose(*wish, placed->pools, parts_.specs(), possible);
}

}  // namespace leat
