/// The jobs of a service as they are, for all who watch: one picture of those that run and wait, and one of each job that
/// somebody watches.
#pragma once

#include <leat/gateway/jobs.hpp>
#include <leat/gateway/live_picture.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace leat {

/// {"type": "jobs", "number": N, "counts": {...}, "running": [...], "queued": [...]}, without what jobs were given: with all
/// events up to the Nth. Of those that wait the first kMostShownJobs, as they would start.
inline constexpr std::size_t kMostShownJobs = 100;
std::string live_jobs_text(const Jobs& jobs, const EventLog& events);

/// Who watches which picture.
struct Watching {
  std::uint64_t job = 0;  ///< 0: of all jobs
  std::uint64_t watcher = 0;
};

/// Threads: any; nothing here waits. A picture has a thread for as long as somebody watches it, and a while longer.
class LiveJobs {
 public:
  static constexpr std::size_t kMost = 64;  ///< jobs that are watched at a time

  /// Both live longer.
  LiveJobs(const Jobs& jobs, EventLog& events);

  /// The picture of all jobs; `wants`, `until` and `form` as of LatestText.
  Watching join(std::shared_ptr<WebSocket> socket, bool wants, LatestText::Until until, LiveForm form);
  /// That of one (JobPicture); nothing where kMost others are watched.
  std::optional<Watching> join(std::uint64_t job, std::shared_ptr<WebSocket> socket, LatestText::Until until, LiveForm form);
  void leave(const Watching& watching);

  const Jobs& jobs() const { return jobs_; }

 private:
  const Jobs& jobs_;
  EventLog& events_;
  LivePicture all_;
  std::mutex mutex_;
  std::map<std::uint64_t, std::unique_ptr<LivePicture>> each_;
};

}  // namespace leat
