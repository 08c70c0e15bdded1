/// An alarm clock: calls functions when their time has come, on a thread of its own.
#pragma once

#include <leat/actor/wake.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace leat {

/// Threads: any. Its own thread starts with the first time that is set, and ends with it.
class Alarm {
 public:
  using Clock = std::chrono::steady_clock;

  Alarm() = default;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm();

  /// What is called when times that are set for the number it gives have come: short, and without setting any.
  std::size_t add(Wake wake);
  /// One time for each number: it replaces what was set before. Time_point::max(): none.
  void set(std::size_t number, Clock::time_point when);

 private:
  struct Entry {
    Wake wake;
    Clock::time_point when = Clock::time_point::max();
  };

  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
  std::set<std::pair<Clock::time_point, std::size_t>> times_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace leat
