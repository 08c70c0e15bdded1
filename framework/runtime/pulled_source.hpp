/// A source shared by the replicas of the chain below it: pulled by whichever wants a chunk.
#pragma once

#include <leat/runtime/cell_activity.hpp>
#include <leat/runtime/stage_run.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace leat {

/// Threads: any; pulls are serial.
class PulledSource {
 public:
  using Clock = std::chrono::steady_clock;

  PulledSource(std::shared_ptr<Source> source, StageRun::Setup setup)
      : source_(std::move(source)), run_(woken_by(std::move(setup), waiting_), nullptr) {}

  struct Pulled {
    std::uint64_t first = 0;  ///< sequence number of the first chunk; the rest follow
    bool cut = false;  ///< a cut is to be taken before anything else is pulled
    bool ended = false;
    Ending ending = Ending::complete;
    bool quick = false;        ///< its pulls took microseconds of late
    bool moved = false;        ///< it gave something, has ended, or is further than it was
    /// There is none now: at this time to be asked again, or when `cell` is called. Else time_point::min().
    Clock::time_point later = Clock::time_point::min();
  };

  /// Fills `into`, which is empty, with the next chunks: one large one, or small ones up to a batch, or as many as come within
  /// a millisecond. `cell`: wakes the cell that asks, always the same one; called where there is none now.
  /// `now`: when it is asked; left at when it answers. `activity`: the cell's, whose first stage the source is: it
  /// waits for its turn, and reads.
  /// `taken`: the latest cut that the cell has taken.
  /// Errors: what the source returned or threw first, whoever asks and how often.
  Result<Pulled> pull(std::vector<StageRun::Emitted>& into, const JobState& job, const Wake& cell, Clock::time_point& now,
                      CellActivity& activity, std::uint64_t taken = 0);

  /// The nth cut comes to it: at the first call where it is; nothing at later ones. Errors: the source's; invalid where it
  /// has no position.
  Result<std::optional<SourceCut>> cut(std::uint64_t n, const JobState& job);
  /// Errors: invalid where the source has no position; the source's.
  Result<void> has_position() const;
  /// Goes to where a cut has found it. Before the first pull. Errors: the source's.
  Result<void> restore(const SourceCut& from);

  /// The source's stage: its name for errors.
  const StageRun& stage() const { return run_; }
  /// As Source::claim().
  bool claim() { return source_->claim(); }
  /// Errors: what the source throws.
  Result<Extent> extent() const;
  /// Lets go of the source. Errors: what its destructor throws.
  Result<void> let_go();

 private:
  // Cells that were told to come back.
  struct Waiting {
    std::mutex mutex;
    std::vector<std::pair<const Wake*, Wake>> cells;  // by the cell's own

    void wake_all();
  };
  static StageRun::Setup woken_by(StageRun::Setup setup, const std::shared_ptr<Waiting>& waiting);
  class Turn;
  bool pull_some(const JobState& job, Clock::time_point& now, Result<void>& went);
  Result<void> note_barren(bool nothing);
  Clock::time_point rest(Clock::time_point now, const Wake& cell);

  std::mutex mutex_;
  // Whether somebody has the mutex, for those that wait for it: to ask the mutex again and again would take it
  // from the cache of who has it, and all that stands beside it.
  alignas(64) std::atomic<bool> pulling_{false};
  alignas(64) std::shared_ptr<Source> source_;
  std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
  StageRun run_;
  std::uint64_t next_ = 0;
  std::uint64_t cut_ = 0;  // the latest that has come
  bool ended_ = false;
  std::optional<Error> failed_;  // what it said: it is not asked again, as it may say something else
  std::uint64_t unwatched_ = 1;  // pulls between two looks at the clock
  std::uint64_t barren_ = 0;     // times in a row that it was asked for long, gave nothing and did not move
  std::optional<Extent> empty_at_;  // how far it was when it gave nothing last; none: it has given something since
};

}  // namespace leat
