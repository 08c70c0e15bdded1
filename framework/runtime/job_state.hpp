/// What all cells of a running job share: its end, its failure, its counters.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/link.hpp>
#include <leat/chunk/result.hpp>

#include <atomic>
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
};

/// Threads: any, for all of it.
class JobState {
 public:
  JobState(std::size_t stages, std::size_t cells) : counters(stages), running_(cells) {}

  std::vector<StageCounters> counters;

  /// Sources end early; what is in flight finishes; nothing is committed.
  void interrupt();
  bool interrupted() const { return interrupted_.load(std::memory_order_relaxed); }

  /// The first failure wins; everything in flight is dropped.
  void fail(Error error);
  bool failed() const { return failed_.load(std::memory_order_acquire); }
  std::optional<Error> failure() const;

  /// Wakes every cell. The wakes are set before the first cell runs.
  void wake_all();
  std::vector<Wake> wakes;

  void cell_finished();
  /// True when all cells have finished; waits at most `milliseconds` for it.
  bool finished_within(int milliseconds);

  void count(std::size_t stage, std::string_view name, std::uint64_t number);
  void report(std::string_view name, std::string value);
  std::vector<std::map<std::string, std::uint64_t>> counts() const;
  std::vector<std::pair<std::string, std::string>> reports() const;

 private:
  std::atomic<bool> interrupted_{false};
  std::atomic<bool> failed_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_;
  std::optional<Error> failure_;
  std::map<std::size_t, std::map<std::string, std::uint64_t>> counts_;
  std::vector<std::pair<std::string, std::string>> reports_;
};

/// Opens when a stage has ended on all replicas of its cell.
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
