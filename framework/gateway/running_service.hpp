/// A service that runs: its parts, and the order in which they begin and end.
#pragma once

#include <leat/app/service.hpp>
#include <leat/gateway/end_waits.hpp>
#include <leat/gateway/job_history.hpp>
#include <leat/gateway/jobs.hpp>
#include <leat/gateway/live_jobs.hpp>
#include <leat/gateway/router.hpp>
#include <leat/gateway/standing_graph.hpp>
#include <leat/gateway/tokens.hpp>
#include <leat/gateway/uploads.hpp>
#include <leat/gateway/work_pool.hpp>
#include <leat/net/http_server.hpp>
#include <leat/net/private_folder.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leat {

/// Threads: one.
class RunningService {
 public:
  static constexpr std::size_t kThreads = 4, kMostWaiting = 1024, kConnections = 1024;

  /// Begins, and tells the person who started it where. Refers to the call, and to `standing`. Errors: what keeps it from it.
  static Result<std::unique_ptr<RunningService>> open(const ServiceCall& call, const std::vector<Route>& own,
                                                      const StandingGraphs& standing);
  /// No request is answered any more; jobs go on.
  ~RunningService();
  /// Until it is asked to stop.
  Result<void> wait(std::stop_token stop);

 private:
  RunningService(const ServiceCall& call, const StandingGraphs& standing) : call_(call), standing_(standing) {}

  Result<void> begin(const std::vector<Route>& own);
  Result<void> open_jobs();
  Result<void> open_server();
  Result<void> add_routes(const std::vector<Route>& own);
  Result<std::filesystem::path> file_of(const std::string& name, const std::string& said, const Identity& who, bool whole) const;
  std::vector<Route> own_routes();
  std::string metrics() const;
  Result<void> announce() const;

  const ServiceCall& call_;
  const StandingGraphs& standing_;
  std::filesystem::path folder_;
  std::optional<FolderLock> lock_;  // of two services in one folder the second ends
  EventLog events_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<Uploads> uploads_;
  std::unique_ptr<Jobs> jobs_;
  std::unique_ptr<EndWaits> waits_;
  std::unique_ptr<JobHistory> history_;
  std::unique_ptr<LiveJobs> live_;
  std::unique_ptr<WorkPool> pool_;
  std::unique_ptr<Router> router_;
  std::atomic<bool> ready_ = false;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace leat
