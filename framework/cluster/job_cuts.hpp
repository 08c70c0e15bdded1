/// The cuts of a job, as its coordinator sees them: which is under way, and what its nodes have kept of it. Pure.
#pragma once

#include <leat/cluster/job_parts.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace leat {

/// Threads: one at a time.
class ClusterCuts {
 public:
  ClusterCuts(control::JobId job, const JobParts& parts) : job_(job), parts_(parts) {}

  /// The nth is ordered on all nodes. Not while one is under way.
  void take(std::uint64_t n, std::vector<Sent>& out);
  /// What a node has kept of it, or why it has not: once all have said so, what the submitter is to be told.
  std::optional<control::CutTaken> taken(const JobPart& part, const control::CutTaken& said);
  /// The submitter has published it, or has not.
  void over(const control::CutOver& said, std::vector<Sent>& out);
  bool under_way() const { return n_ > 0; }
  /// The latest that was ordered.
  std::uint64_t latest() const { return latest_; }

 private:
  const control::JobId job_;
  const JobParts& parts_;
  std::uint64_t n_ = 0;  // under way
  std::uint64_t latest_ = 0;
  std::set<NodeId> awaited_;
  control::CutTaken whole_;
};

}  // namespace leat
