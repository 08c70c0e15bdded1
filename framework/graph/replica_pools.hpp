/// The replica pools of a job as they are now, and what may be changed next. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <leat/graph/elastic.hpp>

namespace leat {

/// An elastic cell and who is in it.
struct ReplicaPool {
  ElasticCell elastic;
  std::vector<StageId> stages;    ///< from top to bottom, a source left out: at least one
  std::optional<StageId> source;  ///< that it pulls
  std::vector<std::size_t> live;  ///< by node: replicas that have not been told to end

  std::size_t size() const;  ///< over all nodes
  std::size_t on(NodeId node) const { return node < live.size() ? live[node] : 0; }
  friend bool operator==(const ReplicaPool&, const ReplicaPool&) = default;
};

std::vector<ReplicaPool> replica_pools(const Checked& checked, const Layout& layout,
                                       const Placement& placement);

/// Each change that is possible next: growths in order of cell and node, shrinkings in order of
/// cell and replica. `process_base`: as in grow().
struct PoolChoices {
  std::vector<PoolChange> growths = {};
  std::vector<PoolChange> shrinkings = {};
};
PoolChoices pool_choices(const Checked& checked, const Layout& layout, const Placement& placement,
                         std::uint64_t process_base = 0);

}  // namespace leat
