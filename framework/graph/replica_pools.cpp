#include <numeric>

#include <leat/graph/replica_pools.hpp>

namespace leat {

std::size_t ReplicaPool::size() const {
  return std::accumulate(live.begin(), live.end(), std::size_t{0});
}

std::vector<ReplicaPool> replica_pools(const Checked& checked, const Layout& layout,
                                       const Placement& placement) {
  std::vector<ReplicaPool> pools;
  for (const ElasticCell& elastic : elastic_cells(checked, layout)) {
    ReplicaPool pool{elastic, {}, {}, std::vector<std::size_t>(placement.nodes.size())};
    for (StageId stage : layout.cells[elastic.cell].stages) {
      if (checked.graph.stages()[stage].kind.source) {
        pool.source = stage;
      } else {
        pool.stages.push_back(stage);
      }
    }
    for (std::size_t replica : live_replicas(placement, elastic.cell)) {
      ++pool.live[placement.node_of[elastic.cell][replica]];
    }
    pools.push_back(std::move(pool));
  }
  return pools;
}

PoolChoices pool_choices(const Checked& checked, const Layout& layout, const Placement& placement,
                         std::uint64_t process_base) {
  PoolChoices choices;
  for (const ElasticCell& pool : elastic_cells(checked, layout)) {
    for (NodeId node = 0; node < placement.nodes.size(); ++node) {
      auto growth = grow(checked, layout, placement, pool.cell, node, process_base);
      if (growth)
        choices.growths.push_back(
            {PoolChange::What::grow, pool.cell, growth->replica.replica, node});
    }
    auto live = live_replicas(placement, pool.cell);
    if (live.size() <= pool.least) continue;
    for (std::size_t replica : live) {
      choices.shrinkings.push_back(
          {PoolChange::What::shrink, pool.cell, replica, placement.node_of[pool.cell][replica]});
    }
  }
  return choices;
}

}  // namespace leat
