/// Requests that wait for the end of a job: each is answered as it ends, or when its time is over.
#pragma once

#include <leat/gateway/event_log.hpp>
#include <leat/gateway/jobs.hpp>
#include <leat/gateway/route.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace leat {

/// Threads: any. Has one of its own, and no more of the pool's, however many wait.
class EndWaits {
 public:
  static constexpr std::size_t kMost = 1024;  ///< that wait; more are answered so

  /// Both outlive it.
  EndWaits(const Jobs& jobs, EventLog& events);
  /// Answers all.
  ~EndWaits();
  EndWaits(const EndWaits&) = delete;
  EndWaits& operator=(const EndWaits&) = delete;
  /// Answers all, and each that comes from now on at once.
  void close();

  /// GET /api/v1/jobs/{id}/end?within=SECONDS: the job, ended or not.
  Route route();

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    std::uint64_t job = 0;
    Clock::time_point until;
    PendingRequest request;
  };
  void add(PendingRequest request);
  void look();
  void run();

  const Jobs& jobs_;
  EventLog& events_;
  std::uint64_t listener_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  bool looks_ = false, ends_ = false;
  std::thread thread_;
};

}  // namespace leat
