/// Sources: where a stream begins.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/description.hpp>
#include <leat/actor/outbox.hpp>

#include <atomic>
#include <optional>
#include <string>

namespace leat {

/// How far a source is.
struct Extent {
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};

/// Where a source is: what comes next is what came next when it was given.
struct SourcePosition {
  std::string identity;  ///< of what is read, where that can change: a file's name, size and time of change
  std::string at;        ///< the place in it, as the source writes it; a few bytes

  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

/// Pulled by whichever Cell wants a chunk. Threads: calls come one at a time, from changing threads.
class Source {
 public:
  virtual ~Source() noexcept(false) = default;

  /// Looks at the source before the job starts: size, columns. The only I/O before start; once a job,
  /// on the source's node.
  virtual Result<Description> probe() = 0;

  /// Of one whose kind has StageKind::narrow, where not all that it described is read: it gives Tables with these
  /// columns alone from now on. After probe() and before the first pull; no I/O.
  virtual void narrow(const Fields&) {}

  /// Emits the next chunk, or a few small ones; `done` when there are no more (the last call may emit),
  /// `more`, or `later` when there is none now: see Step. It must not wait: who waits in here cannot be
  /// stopped meanwhile. Called only after probe().
  virtual Result<Step> pull(Outbox& out) = 0;

  /// What has been emitted so far, or passed over as nobody has a use for it. One that gives nothing, says that there
  /// is more, and moves on by this is asked again at once; one that stays where it is rests, a millisecond and more.
  /// May be called while a pull runs on another thread.
  virtual Extent extent() const { return {}; }

  /// Where it is now, between two pulls; none: it cannot return to where it was, as what it gives is gone.
  /// Threads: as pull().
  virtual Result<std::optional<SourcePosition>> position() const { return std::optional<SourcePosition>(); }

  /// Goes to where position() of a source of this kind was, after probe(). Errors: what is read is another
  /// or has changed; a place that is not in it.
  virtual Result<void> seek(const SourcePosition&) {
    return invalid("this source cannot return to a position: begin again");
  }

  /// For who runs it: takes it for a run; false when one has had it, for what it gives it gives once.
  /// Threads: any.
  bool claim() { return !std::atomic_ref(claimed_).exchange(true); }

 private:
  bool claimed_ = false;
};

}  // namespace leat
