/// Counters of what stages do: one block for each cell that runs a stage, with one writer at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace leat {

/// What StageProgress::counts calls the times that an actor was made anew, and the chunks that were put aside.
inline constexpr std::string_view kRestarts = "restarts";
inline constexpr std::string_view kDeadLetters = "dead letters";

/// Only goes up. Threads: one adds at a time; any reads.
class Counter {
 public:
  /// Not an atomic addition: two threads that add at once lose counts.
  void add(std::uint64_t by) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void add(std::chrono::steady_clock::duration time) { add(static_cast<std::uint64_t>(time.count())); }
  std::uint64_t read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one cell does of one stage. A cache line of its own, or more: others write beside it.
struct alignas(64) StageCounters {
  Counter visits;
  Counter chunks_out;
  Counter bytes_out;
  Counter busy_ns;     ///< in the stage's own code
  Counter waiting_ns;  ///< its cell waits for credit
  Counter idle_ns;     ///< its cell waits for input
  Counter queued_ns;   ///< chunks waited before it, added up
  Counter touched;     ///< pages that were new, touched in its code: sampled
  /// Since when it rests with a chunk in hand: a step has answered Step::later. time_point::max(): it does not.
  std::atomic<std::chrono::steady_clock::time_point> later_since{std::chrono::steady_clock::time_point::max()};
};

/// The counters of a stage, summed over the cells that run it.
struct StageTotals {
  std::uint64_t visits = 0;
  std::uint64_t chunks_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t busy_ns = 0;
  std::uint64_t waiting_ns = 0;
  std::uint64_t idle_ns = 0;
  std::uint64_t queued_ns = 0;
  std::uint64_t touched = 0;
  std::chrono::steady_clock::time_point later_since = std::chrono::steady_clock::time_point::max();  ///< the first

  void add(const StageCounters& counters);
};

/// Books to a stage what its thread has touched since it last did this for one, at `now`: so seldom that it
/// costs nothing; but a step that touches much takes long. Threads: that which writes the counters.
void book_pages(StageCounters& counters, std::chrono::steady_clock::time_point now);

}  // namespace leat
