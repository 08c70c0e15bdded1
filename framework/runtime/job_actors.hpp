/// Makes the actors of a job's stages.
#pragma once

#include <leat/runtime/run.hpp>
#include <leat/runtime/share.hpp>
#include <leat/runtime/stage_run.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace leat {

/// Refers to the job's plan, which may grow, to its share and its state. Threads: one at a time, that of the job.
class JobActors {
 public:
  JobActors(const Plan& plan, const Share& share, std::shared_ptr<Pool> pool, JobState& state)
      : plan_(plan), share_(share), pool_(std::move(pool)), state_(state) {}

  using Stages = std::vector<std::unique_ptr<StageRun>>;
  /// Makes and starts those of a replica, from top to bottom, without its source; `wake` is its cell's. Errors:
  /// those of Actor::start and whatever is thrown; a kind that makes no actor; a stage that emits in start().
  Result<Stages> make(const ReplicaId& replica, const Wake& wake) const;
  /// Makes visible what a replica of a stage has sealed, by an actor that is made for it. Errors: the actor's; failed where
  /// there is no such stage. Threads: any.
  Result<void> commit(const Sealed& sealed) const;
  /// Throws it away.
  Result<void> abort(const Sealed& sealed) const;
  /// What is the same for all replicas of the stage.
  StageRun::Setup setup(StageId id) const;

 private:
  std::size_t replicas(StageId id) const { return plan_.layout.cells[plan_.layout.cell_of[id]].replicas; }
  Making making(StageId id, std::size_t replica) const;
  Result<std::unique_ptr<Actor>> maker_of(const Sealed& sealed) const;
  Result<void> begin(StageRun& run, StageId id, std::size_t replica) const;
  Result<std::unique_ptr<StageRun>> stage(StageId id, std::size_t replica, const Wake& wake) const;

  const Plan& plan_;
  const Share& share_;
  std::shared_ptr<Pool> pool_;
  JobState& state_;
};

}  // namespace leat
