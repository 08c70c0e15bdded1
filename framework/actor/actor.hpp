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
};

/// Why inputs ended.
enum class Ending {
  complete,     ///< every source reached its end
  interrupted,  ///< the user stopped the job: commit nothing
};

/// A chunk in hand. Bounded work: a step emits at most what the stage declared, and says `more` when
/// there is more to emit from the same chunk.
struct Visit {
  Chunk& chunk;
  std::size_t port = 0;        ///< input it came in on
  std::uint64_t position = 0;  ///< 0 at the first step, then whatever the actor left here
  bool born_here = false;      ///< made in this very step: nobody will want it again

  /// The chunk, for the last step on it: handed over when it was born in this step, so that it can be
  /// changed in place; else shared, so that the step can be repeated.
  Chunk take() { return born_here ? std::move(chunk) : chunk; }
};

/// Threads: all calls to one replica come one at a time, from changing threads. Errors: a returned
/// Error fails the job with that sentence; an exception is a bug, caught by the Cell.
class Actor {
 public:
  virtual ~Actor() noexcept(false) = default;

  /// Before the first visit. Must not emit.
  virtual Result<void> start(Outbox&) { return {}; }

  /// One step on one chunk.
  virtual Result<Step> visit(Visit& visit, Outbox& out) = 0;

  /// After the last visit: all inputs ended. May emit; called again while it returns `more`.
  virtual Result<Step> finish(Ending, Outbox&) { return Step::done; }

  /// After the whole job is complete and every stage has finished: make staged output visible. Never
  /// called on an interrupted or failed job. Must not fail for reasons finish could have found.
  virtual Result<void> commit() { return {}; }

  /// The state between visits, as one chunk; empty for an actor without state.
  virtual Result<Chunk> snapshot(Pool&) const { return Chunk(); }

  /// Takes up a state that snapshot() gave, before start().
  virtual Result<void> restore(const Chunk&) { return {}; }
};

}  // namespace leat
