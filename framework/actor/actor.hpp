/// Actors: the logic users write. An actor receives chunks and emits chunks, and sees nothing else.
///
///   struct Count : leat::Actor {
///     std::uint64_t rows = 0;
///     leat::Result<leat::Step> visit(leat::Visit& visit, leat::Outbox&) override {
///       rows += leat::Table(visit.chunk).rows();
///       return leat::Step::done;
///     }
///     leat::Result<leat::Step> finish(leat::Ending, leat::Outbox& out) override {
///       out.report("rows", std::to_string(rows));
///       return leat::Step::done;
///     }
///   };
#pragma once

#include <leat/actor/outbox.hpp>
#include <leat/actor/output_name.hpp>
#include <leat/actor/state.hpp>
#include <leat/chunk/chunk.hpp>
#include <leat/chunk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace leat {

/// What a step says of the chunk in hand.
enum class Step {
  done,  ///< finished with it
  more,  ///< call again with the same chunk and the position left in the visit
  /// As `more`, but not now: when Outbox::waker() is called or the time of Outbox::call_at() has come. The
  /// step must have asked for one of them. Until then the chunk stays in hand, and no other is taken.
  later,
};

/// Why inputs ended.
enum class Ending : std::uint8_t {
  complete,     ///< every source reached its end
  interrupted,  ///< the user stopped the job: commit nothing
};

/// A chunk in hand. Bounded work: a step emits at most what the stage declared, and says `more` when
/// there is more to emit from the same chunk.
struct Visit {
  Chunk& chunk;
  std::size_t port = 0;        ///< input it came in on
  std::uint64_t position = 0;  ///< 0 at the first step, then whatever the actor left here
  bool born_here = false;      ///< made in this very step: it can be made again

  /// The chunk, for the last step on it: handed over when it was born in this step, so that it can be
  /// changed in place; else shared. Nothing is lost with it: where the step has to be repeated, what was
  /// handed over is made again.
  Chunk take() { return born_here ? std::move(chunk) : chunk.share(); }
};

/// Threads: all calls to one replica come one at a time, from changing threads. Errors: a returned
/// Error fails the job with that sentence. What is thrown is a bug: the cell catches it and takes back what
/// the step has emitted, counted and reported. Where the kind says that its actors hold nothing between
/// steps (StageKind::holds) one is made anew and repeats the step; else the job fails.
///
/// What an actor has in flight when it answers Step::later is part of its state, or can be asked for again
/// with the chunk in hand: a cut through the job comes between chunks.
class Actor {
 public:
  virtual ~Actor() noexcept(false) = default;

  /// Before the first visit. Must not emit.
  virtual Result<void> start(Outbox&) { return {}; }

  /// One step on one chunk.
  virtual Result<Step> visit(Visit& visit, Outbox& out) = 0;

  /// After the last visit: all inputs ended. May emit; called again while it does not return `done`.
  virtual Result<Step> finish(Ending, Outbox&) { return Step::done; }

  /// The state between visits, as the kind's state_version says; what is kept in chunks by reference. A
  /// keyed actor gives each group its own parts. Changes nothing that can be seen.
  virtual Result<Snapshot> snapshot(Pool&) const { return Snapshot(); }

  /// Takes up a state that snapshot() of an actor of this kind and state_version gave, after start() and
  /// before the first visit; what it keeps is charged to the budget. Of several replicas' states each gets
  /// the parts of its groups, and those without a group. Must not emit.
  virtual Result<void> restore(const Snapshot&, Outbox&) { return {}; }

  /// Of a sink: makes what was written since the last seal durable under `name`, and nothing of it visible.
  /// Not after an interrupted finish(). What can fail, fails here: for want of space, of permission ...
  virtual Result<void> seal(const OutputName&) { return {}; }

  /// Of a sink: makes visible what was sealed under `name`. Called after all that the whole job has to seal
  /// is sealed; perhaps twice, for an earlier seal than the last, or on an actor of the same kind that was
  /// neither started nor has written anything, in another process. To make visible what is visible already
  /// is no error.
  virtual Result<void> commit(const OutputName&) { return {}; }

  /// Of a sink: throws away what was sealed under `name` and not made visible; called as commit() is. What
  /// is not there any more is no error.
  virtual Result<void> abort(const OutputName&) { return {}; }
};

}  // namespace leat
