/// The jobs that run and wait, as one picture for all who watch: see LatestText. Owns one thread, on which it is made.
#pragma once

#include <leat/gateway/jobs.hpp>
#include <leat/gateway/latest_text.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace leat {

/// Threads: any.
class LiveJobs {
 public:
  /// What the events tell has changed. `make`: the picture as it is, called on the thread, while somebody watches. The
  /// events live longer.
  LiveJobs(EventLog& events, std::function<std::string()> make);
  /// Nobody is sent anything any more.
  ~LiveJobs();
  LiveJobs(const LiveJobs&) = delete;
  LiveJobs& operator=(const LiveJobs&) = delete;

  /// As of LatestText.
  std::uint64_t join(std::shared_ptr<WebSocket> socket, bool wants, LatestText::Until until);
  void leave(std::uint64_t watcher);

 private:
  void run();
  void changed();

  EventLog& events_;
  std::function<std::string()> make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  LatestText latest_;
  bool poked_ = false, ends_ = false;
  std::thread thread_;
  std::uint64_t listener_ = 0;
};

/// {"type": "jobs", "number": N, "counts": {...}, "running": [...], "queued": [...]}, without what jobs were given: with all
/// events up to the Nth. Of those that wait the first kMostShownJobs, as they would start.
inline constexpr std::size_t kMostShownJobs = 100;
std::string live_jobs_text(const Jobs& jobs, const EventLog& events);

}  // namespace leat
