/// A job that runs in this process until enough has been seen of it.
#pragma once

#include <leat/runtime/job.hpp>

#include <poll.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>

#include "runtime/numbers.hpp"

namespace leat::testing {

/// Counts what happens, for who waits for it.
class Seen {
 public:
  void one() {
    std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  /// False when so many have not come within two minutes.
  bool wait(std::uint64_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(2), [&] { return count_ >= count; });
  }
  std::uint64_t count() {
    std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t count_ = 0;
};

/// Runs a graph; what is in flight is dropped in the end.
class Watched {
 public:
  Watched(const Graph& graph, std::size_t threads) : job_(planned(graph, threads)), crew_(caf_crew(threads, Scheduling::stealing)) {
    auto built = job_.build(*crew_);
    BOOST_REQUIRE_MESSAGE(built, (built ? "" : built.error().sentence));
    job_.start();
  }
  ~Watched() {
    job_.state().fail(failed("enough"));
    crew_.reset();
    [[maybe_unused]] auto gone = job_.let_go();
  }
  Job& job() { return job_; }

 private:
  static Plan planned(const Graph& graph, std::size_t threads) {
    auto made = plan(graph, threads);
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().sentence));
    return std::move(made).value();
  }

  Job job_;
  std::unique_ptr<Crew> crew_;
};

/// Takes so long, less than a second: with the processor, or in a call that blocks.
inline void take(std::chrono::microseconds time, bool waits) {
  if (waits) {
    timespec blocks{0, std::chrono::nanoseconds(time).count()};
    ::ppoll(nullptr, 0, &blocks, nullptr);
    return;
  }
  auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
  }
}

}  // namespace leat::testing
