/// CAF's workers: which of them have something to do, and how to hand work to one that has not.
///
/// CAF deals what other threads enqueue out in turn, to workers that are busy as well, and one that sleeps looks
/// only now and then whether others have too much. Here work goes to a worker with nothing to do, which it wakes;
/// where there is none it stays with the worker that made it, from which whoever is through first steals it.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

#include <atomic>
#include <cstddef>
#include <vector>

namespace leat {

/// Threads: any.
class CafWorkers {
 public:
  /// A worker that was chosen for a piece of work, or none: until that runs the worker is taken for busy.
  using Chosen = std::ptrdiff_t;
  static constexpr Chosen kNone = -1;

  /// Of `system`, which steals work and outlives this.
  CafWorkers(caf::actor_system& system, std::size_t threads);

  /// The index of the worker that is this execution unit.
  static std::size_t index_of(const caf::execution_unit* worker);

  /// Chooses a worker that has nothing to do.
  Chosen choose();
  /// Enqueues a job with a worker: for what wants an execution unit.
  class Unit final : public caf::execution_unit {
   public:
    Unit(CafWorkers& workers, Chosen chosen) : workers_(workers), chosen_(chosen) {}
    void exec_later(caf::resumable* job) override;

   private:
    CafWorkers& workers_;
    Chosen chosen_;
  };

  /// A worker begins what it, or another one, was chosen for.
  void begins(std::size_t worker, Chosen chosen);
  void ends(std::size_t worker) { less(worker); }

 private:
  void less(std::size_t worker);

  caf::actor_system& system_;
  std::vector<std::atomic<std::size_t>> load_;  // of each worker: what it runs and what it was chosen for
  std::atomic<std::ptrdiff_t> idle_;            // workers without any
};

}  // namespace leat
