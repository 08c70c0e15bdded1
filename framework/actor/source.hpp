/// Sources: where a stream begins.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/description.hpp>
#include <leat/actor/outbox.hpp>

#include <atomic>

namespace leat {

/// How far a source is.
struct Extent {
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
};

/// Pulled by whichever Cell wants a chunk. Threads: calls come one at a time, from changing threads.
class Source {
 public:
  virtual ~Source() noexcept(false) = default;

  /// Looks at the source before the job starts: size, columns. The only I/O before start; once a job,
  /// on the source's node.
  virtual Result<Description> probe() = 0;

  /// Emits the next chunk, or a few small ones; `done` when there are no more (the last call may
  /// emit), else `more`. Called only after probe().
  virtual Result<Step> pull(Outbox& out) = 0;

  /// What has been emitted so far. May be called while a pull runs on another thread.
  virtual Extent extent() const { return {}; }

  /// For who runs it: takes it for a run; false when one has had it, for what it gives it gives once.
  /// Threads: any.
  bool claim() { return !std::atomic_ref(claimed_).exchange(true); }

 private:
  bool claimed_ = false;
};

}  // namespace leat
