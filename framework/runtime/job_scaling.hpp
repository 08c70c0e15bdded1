/// Scales the pools of a job that is here as a whole.
#pragma once

#include <leat/runtime/job.hpp>
#include <leat/runtime/scaler.hpp>

namespace leat {

/// Threads: that of the job's calls.
class JobScaling {
 public:
  /// `job` is built, and outlives this.
  explicit JobScaling(Job& job);
  /// Grows or shrinks a pool, when it is time to.
  void look();

 private:
  void change(const PoolChange& change);

  Job& job_;
  Scaler scaler_;
  std::vector<ReplicaPool> pools_;
};

}  // namespace leat
