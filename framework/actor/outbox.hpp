/// The outbox: all an actor may do to the world during a step.
#pragma once

#include <leat/actor/budget.hpp>
#include <leat/actor/cutoff.hpp>
#include <leat/actor/wake.hpp>
#include <leat/chunk/chunk.hpp>
#include <leat/chunk/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace leat {

/// Given to every call of an actor or source; not to be kept. Threads: the caller's.
class Outbox {
 public:
  virtual ~Outbox() = default;

  /// Stages a chunk for all edges of the stage's output; published when the step ends. Emitting more
  /// than the declared Needs::max_output in one step fails the job.
  virtual void emit(Chunk chunk) = 0;

  /// Where new chunks' memory comes from.
  virtual Pool& pool() = 0;

  /// The stage's state budget.
  virtual StateBudget& budget() = 0;

  /// Adds to a named count of this stage, summed over replicas and shown in progress and report:
  /// "rows", "rows dropped", "cells null". Names are few and short.
  virtual void count(std::string_view name, std::uint64_t number) = 0;

  /// A line of the job's result, "rmse" = "12.3": shown at the end, in the report's order of arrival.
  virtual void report(std::string_view name, std::string value) = 0;

  /// A point of a curve that the stage draws, a loss by passes: shown while the job runs and in its report. Names are
  /// few and short. Of more than 4,096 points of one name every second one is kept, and the last; what is not finite is
  /// left out. An outbox that shows nothing drops it.
  virtual void sample([[maybe_unused]] std::string_view name, [[maybe_unused]] double x, [[maybe_unused]] double y) {}

  /// How much of its work the stage has done, where that is not to read or to visit what comes: passes, steps of a
  /// solver. Of this replica, in any unit; both only grow. An outbox that shows nothing drops it.
  virtual void progress([[maybe_unused]] std::uint64_t done, [[maybe_unused]] std::uint64_t of) {}

  /// The stage makes nothing of what else comes, as one that passes on the first ten rows: sources from which all leads
  /// to it alone end early, as if they had been read whole, where they are on its node. What is on its way still comes.
  /// Only a stage of one replica has enough for all.
  virtual void enough() {}

  /// The stage makes nothing of rows beyond this, as one that keeps the greatest twenty: a source that feeds it alone,
  /// directly and on its node, may leave out chunks that have no others. For stages of one input; always of the same
  /// column and direction. What it has said before stays true. Each replica may say it, of what it has seen itself;
  /// that of all that leaves out the most counts.
  virtual void cut_off([[maybe_unused]] Cutoff cutoff) {}
  /// To a source: what the stage that it feeds has said; none: nothing so far.
  virtual std::shared_ptr<const Cutoff> cutoff() const { return nullptr; }

  /// For a step that answers Step::later: what has it called again. Keep it; it may be called from any
  /// thread, at any time from now on, also when the job has ended.
  virtual Wake waker() = 0;

  /// For a step that answers Step::later: when to call it again, if nothing wakes it before.
  virtual void call_at(std::chrono::steady_clock::time_point when) = 0;

  /// Keeps a chunk past its visit: its charge moves from the input's credit to the state budget.
  /// Overloaded when the budget has no room: evict, spill or fail.
  Result<Kept> keep(const Chunk& chunk) {
    if (!budget().take(chunk.footprint())) return full(chunk.footprint());
    return Kept{chunk, Held(budget(), chunk.footprint())};
  }

  /// Takes `bytes` of heap that the actor holds itself into its budget.
  Result<Held> hold(std::uint64_t bytes) {
    if (!budget().take(bytes)) return full(bytes);
    return Held(budget(), bytes);
  }

 private:
  Error full(std::uint64_t wanted) {
    return overloaded("the stage wants to hold " + std::to_string(wanted) + " bytes more than the " +
                      std::to_string(budget().limit()) +
                      " bytes of state it declared: raise its Needs::state");
  }
};

/// What is wrong with a step that answers Step::later and has asked for nothing.
inline Error answers_later() {
  return failed("answers later and has asked for nothing that would call it again: call Outbox::waker() or "
                "Outbox::call_at() in that step");
}

}  // namespace leat
