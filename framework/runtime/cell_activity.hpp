/// What one cell does now and since when, and how long it has done what: for whoever looks on.
#pragma once

#include <leat/diagnosis/activity.hpp>
#include <leat/graph/graph.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace leat {

/// Threads: its cell's writes, one at a time; read() and times() are for any, and never make it wait; woken() is for
/// who wakes the cell. The times of a reading add up to its age.
class alignas(64) CellActivity {
 public:
  using Clock = std::chrono::steady_clock;

  /// `stages`: those of the cell, from top to bottom, its source included. It begins asleep, without input.
  explicit CellActivity(std::vector<StageId> stages, Clock::time_point begun = Clock::now());

  /// Not about any stage or channel.
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  /// From `now` on. `what`: visit, read, later: an index into stages(); gate: a StageId; else a channel's id.
  void become(Activity activity, std::uint32_t what, Clock::time_point now);
  /// A step begins: what it rested for is over, since it was woken. Returns the time since then, as `credit` or 0.
  Clock::duration resume(Clock::time_point now);
  /// Something got done: a chunk has come, was visited or finished.
  void moved() { moves_.store(moves_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  /// It takes no more steps: its times stand still.
  void end(Clock::time_point now);

  /// It rests and could go on: from `now` on it is ready.
  void woken(Clock::time_point now) { woken_.store(count(now), std::memory_order_release); }

  struct Reading {
    Activity now = Activity::input;
    std::uint32_t what = kNone;
    std::uint64_t for_ns = 0;
    ActivityTimes times{};
    std::vector<std::uint64_t> stage_ns;  ///< by stages(): visiting or reading it
    std::uint64_t moves = 0;
    bool ended = false;
  };
  Reading read(Clock::time_point now) const;
  const std::vector<StageId>& stages() const { return stages_; }

 private:
  using Nanoseconds = std::uint64_t;  // of the clock; 0: never

  static Nanoseconds count(Clock::time_point time) {
    return static_cast<Nanoseconds>(time.time_since_epoch().count());
  }
  static bool of_stage(Activity activity) { return activity == Activity::visit || activity == Activity::read; }
  void begin_write() { version_.store(version_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  void end_write() { version_.store(version_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
  void book(Nanoseconds until);
  bool try_read(Reading& reading, Nanoseconds now) const;

  // Odd while it is written. What is written is stored with release, so that who reads any of it and then the
  // version sees that it has changed.
  std::atomic<std::uint64_t> version_{0};
  std::atomic<Activity> activity_{Activity::input};
  std::atomic<bool> ended_{false};
  std::atomic<std::uint32_t> what_{kNone};
  std::atomic<Nanoseconds> since_;
  std::atomic<std::uint64_t> moves_{0};
  std::array<std::atomic<std::uint64_t>, kActivities> times_{};
  std::vector<StageId> stages_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> stage_ns_;
  alignas(64) std::atomic<Nanoseconds> woken_{0};
};

}  // namespace leat
