/// Which pool of a running job grows or shrinks, and where: by what its stages say they do. Pure,
/// no clock.
///
///   Scaler scaler(replica_pools(...));                     // as the job starts
///   auto wish = scaler.wish(pools, nodes, progress);       // every now and then, with what is now
///   if (wish) change = scaler.choose(*wish, pools, nodes, pool_choices(...));
///
/// A node keeps at most as many replicas of a pool as it began with, so that the bound which was
/// planned holds; one that came later, as many as it has cpus.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include <leat/graph/replica_pools.hpp>
#include <leat/runtime/run.hpp>
#include <leat/runtime/scaling.hpp>

namespace leat {

/// Threads: one.
class Scaler {
 public:
  Scaler() = default;
  explicit Scaler(const std::vector<ReplicaPool>& first, ScalingLimits limits = {});

  struct Wish {
    CellId cell = 0;
    bool grow = false;
  };
  /// `whole`: of all nodes, its stages in the graph's order. Looks at a pool only after kInterval,
  /// and once its replicas have ended some visits each: before that nobody knows how busy they are.
  std::optional<Wish> wish(const std::vector<ReplicaPool>& now, const std::vector<NodeSpec>& nodes,
                           const Progress& whole);
  /// Grows where there is most room, shrinks where there are most replicas. Nothing where
  /// `possible` has nothing that is wished for.
  std::optional<PoolChange> choose(const Wish& wish, const std::vector<ReplicaPool>& now,
                                   const std::vector<NodeSpec>& nodes,
                                   const PoolChoices& possible) const;

  static constexpr double kInterval = 0.2;  ///< seconds
  static constexpr std::uint64_t kVisits = 2;

 private:
  struct Moment {
    double seconds = 0;
    std::uint64_t visits = 0;
    PoolInterval sums;
  };
  struct Watched {
    PoolSize size;
    std::optional<Moment> since;
  };

  static Moment moment(const ReplicaPool& pool, const Progress& whole);
  std::size_t room(const ReplicaPool& pool, const std::vector<NodeSpec>& nodes, NodeId node) const;
  Scaling look(Watched& watched, const ReplicaPool& pool, const std::vector<NodeSpec>& nodes,
               const Progress& whole) const;

  std::map<CellId, std::vector<std::size_t>> first_;  // by node
  std::map<CellId, Watched> watched_;
};

}  // namespace leat
