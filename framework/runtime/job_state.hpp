/// What all cells of a running job share: its end, its failure, its counters.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/cutoff.hpp>
#include <leat/actor/dead_letters.hpp>
#include <leat/actor/link.hpp>
#include <leat/chunk/result.hpp>
#include <leat/runtime/curve.hpp>
#include <leat/runtime/repeats.hpp>
#include <leat/runtime/stage_metrics.hpp>
#include <leat/runtime/tap.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// The warning of a report whose job was drained.
inline constexpr const char* kDrainedSentence =
    "it was drained: its sources ended early, and what they had given was finished and committed";

/// Threads: any, for all of it but on_finished.
class JobState {
 public:
  /// What is known of a stage beforehand.
  struct StageFacts {
    std::string name;
    std::uint64_t dead_letters = 0;  ///< how many chunks it may put aside here
    std::vector<std::size_t> sole_sources = {};  ///< stages: nobody needs them once it has enough
    std::vector<std::size_t> direct_sources = {};  ///< stages: they feed it alone
  };
  /// `cells`: how many run here.
  JobState(std::vector<StageFacts> stages, std::size_t cells);

  /// How long a small chunk may wait to be sent on with others. Set before start().
  std::chrono::steady_clock::duration latency = std::chrono::milliseconds(10);

  /// A block of counters for one more cell that runs the stage; it stays as long as this.
  StageCounters& add_counters(std::size_t stage);
  /// It is the cell's whose activity this is.
  void counted_by(StageCounters& counters, std::shared_ptr<const CellActivity> cell);
  /// What its cells have done: all but its name, its replicas and what it counts itself.
  StageProgress totals(std::size_t stage) const;
  /// Pages that were new, touched in the stage's code.
  std::uint64_t touched(std::size_t stage) const;
  const std::string& stage_name(std::size_t stage) const { return stages_[stage].facts.name; }
  std::size_t stages() const { return stages_.size(); }
  /// Of those who look at what stages emit here.
  Taps& taps() { return taps_; }

  /// A visit of the stage went well once it was repeated. False: too many of late, the stage is broken.
  bool repeated(std::size_t stage);
  /// True when the stage may put one more chunk aside: it has then done so.
  bool spends_letter(std::size_t stage);
  /// How many it may put aside in all.
  std::uint64_t letters_of(std::size_t stage) const { return stages_[stage].facts.dead_letters; }
  /// Where chunks that are put aside go; null: nowhere. Set before start().
  std::shared_ptr<DeadLetters> dead_letters;
  Result<void> dead_letter(const DeadLetter& letter);

  /// Sources end early; what is in flight finishes; nothing is committed.
  void interrupt();
  /// Sources end early, as complete: what they gave is finished and committed.
  void drain();
  bool drained() const { return draining_.load(std::memory_order_relaxed); }
  /// The stage needs no more: its sole sources end, here.
  void enough(std::size_t stage);
  /// The stage makes nothing of rows beyond this: its direct sources, here, need not give them.
  void cut_off(std::size_t stage, const Cutoff& cutoff);
  /// What the stage that this source feeds has said.
  std::shared_ptr<const Cutoff> cutoff(std::size_t source) const;
  /// The source is to end: the job was interrupted or drained, or who takes what it gives has enough.
  bool ends_source(std::size_t stage) const {
    return interrupted() || draining_.load(std::memory_order_relaxed) || stages_[stage].ends.load(std::memory_order_relaxed);
  }
  bool interrupted() const { return interrupted_.load(std::memory_order_relaxed); }

  /// The first failure wins, or among those at chunks of one source that of the earliest chunk, `at`, as long as cells
  /// are here; everything in flight is dropped. Before the start, too: what is there of
  /// the job leaves.
  void fail(Error error, const Trace& at = {});
  /// Whether it has failed at a chunk that its source gave after this one.
  bool failed_after(const Trace& trace) const;
  bool failed() const { return failed_.load(std::memory_order_acquire); }
  std::optional<Error> failure() const;

  /// A way to wake a cell that is ready to run once the job has started.
  void add_wake(Wake wake);
  /// Lets the cells run. All of them are there.
  void start();
  /// Wakes every cell; before the start, and unless the job has failed, none.
  void wake_all();

  /// One more cell runs here; false when all that there were have finished, and it must not.
  bool add_cell();
  void cell_finished();
  /// True when all cells have finished; waits at most `milliseconds` for it.
  bool finished_within(int milliseconds);
  /// Called once, when all cells have finished: on the thread of the last, so it must not destroy what
  /// runs them; or in start(), when there are none. Set before start().
  std::function<void()> on_finished;

  void count(std::size_t stage, std::string_view name, std::uint64_t number);
  void report(std::string_view name, std::string value);
  /// A point of one of the stage's curves; of more than kMostCurves names a stage the others are dropped.
  void sample(std::size_t stage, std::string_view name, Sample sample);
  static constexpr std::size_t kMostCurves = 16;
  std::vector<NamedCurve> curves() const;
  std::vector<std::map<std::string, std::uint64_t>> counts() const;
  std::vector<std::pair<std::string, std::string>> reports() const;

 private:
  void tell_finished();

  std::atomic<bool> interrupted_{false};
  std::atomic<bool> draining_{false};
  std::atomic<bool> failed_{false};
  std::mutex waking_;  // taken before mutex_
  std::vector<Wake> wakes_;
  bool started_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  const bool none_;
  std::size_t running_;
  std::optional<Error> failure_;
  Trace failed_at_;
  struct StageState {
    StageFacts facts;
    std::deque<StageCounters> counters;
    Repeats repeats;
    std::uint64_t letters = 0;
    std::atomic<bool> ends{false};  // a source that nobody needs any more
    std::shared_ptr<const Cutoff> cutoff;  // of a source
    std::map<std::string, std::uint64_t, std::less<>> counts;
    std::map<std::string, Curve, std::less<>> curves;
  };
  std::vector<StageState> stages_;  // all but facts and ends under mutex_
  std::vector<std::pair<std::string, std::string>> reports_;
  Taps taps_;
};

/// Opens when a stage has ended on all replicas of its cell, wherever they are.
class Gate {
 public:
  explicit Gate(std::size_t replicas, std::size_t stage = 0) : stage_(stage), closed_(replicas) {}
  std::size_t stage() const { return stage_; }
  bool open() const { return closed_.load(std::memory_order_acquire) == 0; }
  /// One replica has ended; true when it was the last.
  bool ended() { return closed_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

 private:
  const std::size_t stage_;
  std::atomic<std::size_t> closed_;
};

}  // namespace leat
