/// What one job needs of its nodes' memory, and holds of it beside other jobs. Pure.
#pragma once

#include <leat/cluster/job_parts.hpp>
#include <leat/cluster/node_memory.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// `nodes` and `parts` outlive it. Bounds are by node. Threads: one at a time.
class JobMemory {
 public:
  /// `most`: that the job may need on any node, in bytes; 0: no limit.
  JobMemory(control::JobId job, std::uint64_t most, NodeMemory& nodes, const JobParts& parts)
      : job_(job), most_(most), nodes_(nodes), parts_(parts) {}

  /// Whether each node alone is large enough. Error: overloaded.
  Result<void> fits(const std::vector<Bound>& bounds) const;
  /// Whether a pool may grow on that node: jobs that wait for memory there come before it.
  bool may_grow(const std::vector<Bound>& bounds, NodeId node) const;
  /// What would have to be there before the job starts; nothing when it may.
  std::string waits_for(const std::vector<Bound>& bounds) const;

  /// Nobody who came later may take the memory of the job's nodes.
  void claim();
  /// Each part's bound is held.
  void hold();
  void release(const JobPart& part) { nodes_.release(job_, part.member.peer); }

 private:
  Result<void> room(const std::vector<Bound>& bounds) const;

  control::JobId job_;
  std::uint64_t most_;
  NodeMemory& nodes_;
  const JobParts& parts_;
};

}  // namespace leat
