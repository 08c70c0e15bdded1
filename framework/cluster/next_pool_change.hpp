/// Which change of its pools a running job makes next. Pure: what may be changed comes with how the job is
/// placed, and nothing is changed here.
///
///   off a node that drains; else onto one that came later, which takes as many replicas as it has cpus; else
///   what the stages' work asks for
#pragma once

#include <leat/cluster/job_graph.hpp>
#include <leat/cluster/job_parts.hpp>
#include <leat/runtime/scaler.hpp>

#include <optional>

namespace leat {

/// `parts` outlive it. Threads: one at a time.
class NextPoolChange {
 public:
  explicit NextPoolChange(const JobParts& parts) : parts_(parts) {}

  /// The job starts, placed like that.
  void start(const PlacedJob& placed) { scaler_ = Scaler(placed.pools); }
  /// Looks at how busy the stages are. True when a pool is wished larger or smaller.
  bool look(const PlacedJob& placed);

  /// Off a node that drains.
  std::optional<PoolChange> for_drained(const PlacedJob& placed) const;
  /// Onto a node that came later.
  std::optional<PoolChange> for_late(const PlacedJob& placed) const;
  /// What look() has wished for; the wish is used up, also where it is not known how the job is placed.
  std::optional<PoolChange> for_wish(const std::optional<PlacedJob>& placed);

 private:
  const JobParts& parts_;
  Scaler scaler_;
  std::optional<Scaler::Wish> wish_;
};

}  // namespace leat
