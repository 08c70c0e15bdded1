/// What all cells of a running job share: its end, its failure, its counters.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/link.hpp>
#include <leat/chunk/result.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// Counters of one stage, summed over its replicas. Written by cells, read by progress.
struct StageCounters {
  std::atomic<std::uint64_t> visits{0};
  std::atomic<std::uint64_t> chunks_out{0};
  std::atomic<std::uint64_t> bytes_out{0};
  std::atomic<std::uint64_t> busy_ns{0};     ///< in the stage's own code
  std::atomic<std::uint64_t> waiting_ns{0};  ///< its cell waits for credit
  std::atomic<std::uint64_t> idle_ns{0};     ///< its cell waits for input
  std::atomic<std::uint64_t> queued_ns{0};   ///< chunks waited before it, added up
  std::atomic<std::uint64_t> touched{0};     ///< pages that were new, touched in its code: sampled
};

/// Books to a stage what its thread has touched since it last did this for one, at `now`: so seldom that it
/// costs nothing; but a step that touches much takes long. Threads: any.
void book_pages(StageCounters& counters, std::chrono::steady_clock::time_point now);

/// Threads: any, for all of it but on_finished.
class JobState {
 public:
  /// `cells`: how many run here.
  JobState(std::size_t stages, std::size_t cells) : counters(stages), none_(cells == 0), running_(cells) {}

  std::vector<StageCounters> counters;

  /// Sources end early; what is in flight finishes; nothing is committed.
  void interrupt();
  bool interrupted() const { return interrupted_.load(std::memory_order_relaxed); }

  /// The first failure wins; everything in flight is dropped. Before the start, too: what is there of
  /// the job leaves.
  void fail(Error error);
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
  std::vector<std::map<std::string, std::uint64_t>> counts() const;
  std::vector<std::pair<std::string, std::string>> reports() const;

 private:
  void tell_finished();

  std::atomic<bool> interrupted_{false};
  std::atomic<bool> failed_{false};
  std::mutex waking_;  // taken before mutex_
  std::vector<Wake> wakes_;
  bool started_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  const bool none_;
  std::size_t running_;
  std::optional<Error> failure_;
  std::map<std::size_t, std::map<std::string, std::uint64_t>> counts_;
  std::vector<std::pair<std::string, std::string>> reports_;
};

/// Opens when a stage has ended on all replicas of its cell, wherever they are.
class Gate {
 public:
  explicit Gate(std::size_t replicas) : closed_(replicas) {}
  bool open() const { return closed_.load(std::memory_order_acquire) == 0; }
  /// One replica has ended; true when it was the last.
  bool ended() { return closed_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

 private:
  std::atomic<std::size_t> closed_;
};

}  // namespace leat
