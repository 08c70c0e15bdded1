/// Pools of a running job grow onto nodes that come, shrink off nodes that drain, and follow what the stages'
/// work asks for: one change at a time. Pure.
///
///   while (auto to_place = changes.next(now, out)) ... place the job so, then changes.placed(...)
#pragma once

#include <leat/cluster/job_memory.hpp>
#include <leat/cluster/newcomers.hpp>
#include <leat/cluster/next_pool_change.hpp>
#include <leat/cluster/pool_change_steps.hpp>

#include <optional>
#include <vector>

namespace leat {

/// `parts` and `memory` outlive it. Threads: one at a time.
class PoolChanges {
 public:
  PoolChanges(control::JobId job, const Log& log, JobParts& parts, JobMemory& memory)
      : parts_(parts), memory_(memory), next_(parts), steps_(job, log, parts) {}

  /// The job's nodes are those there are now, and it is placed on them like that.
  void start(PlacedJob placed);
  /// What was done since.
  const std::vector<PoolChange>& made() const { return made_; }
  /// As the job is placed now; nothing while that is not known.
  const std::optional<PlacedJob>& placement() const { return placed_; }
  bool under_way() const { return steps_.under_way(); }

  /// A member that is there while the job runs: its pools may grow onto it, up to its cpus.
  void offer(const Member& member);
  /// What can leave that node does.
  void drain(PeerId node);
  /// Other jobs hold less than they did.
  void memory_given_back();
  /// How far the stages are has been heard.
  void look();
  /// Something else has happened since there was nothing to change.
  void look_again() { may_change_ = true; }

  /// How the job is to be placed next, and for which change; none: to know how it is placed now.
  struct ToPlace {
    std::vector<PoolChange> changes;
    std::optional<PoolChange> change;
  };
  /// Where there is a change to make and none is under way: what has to be placed for it, or a node that has
  /// worked its share off is let go.
  std::optional<ToPlace> next(Instant now, std::vector<Sent>& out);
  /// What came of it: the change begins, if it is still to be made. Gives the node whose share is to be
  /// deployed for it, if there is one. What cannot be placed is not done.
  std::optional<NodeId> placed(Result<PlacedJob> placed, const std::optional<PoolChange>& change, Instant now,
                               std::vector<Sent>& out);
  /// True when a change has come to its end by it.
  bool received(JobPart& part, const control::Message& message, Instant now, std::vector<Sent>& out);
  /// Who has been at a step for longer than that.
  const JobPart* slow(Instant now, std::chrono::milliseconds within) const { return steps_.slow(now, within); }

 private:
  bool let_go(Instant now, std::vector<Sent>& out);
  std::optional<PoolChange> choose();
  void forget_last();
  void take_newcomer();
  bool still_to_make(const PoolChange& change, const PlacedJob& placed);

  JobParts& parts_;
  JobMemory& memory_;
  Newcomers newcomers_;
  NextPoolChange next_;
  PoolChangeSteps steps_;
  std::vector<PoolChange> made_;
  std::optional<PlacedJob> placed_;
  bool may_change_ = false;  // something has happened since none was to
};

}  // namespace leat
