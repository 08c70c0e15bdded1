/// One job as it is, whole: what is kept of it, what its process says of itself, and why it is as fast as it is.
#pragma once

#include <leat/diagnosis/snapshot.hpp>
#include <leat/diagnosis/why.hpp>
#include <leat/gateway/jobs.hpp>
#include <leat/gateway/live_picture.hpp>
#include <leat/inspect/inspect_client.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace leat {

/// {"id": 41, "graph": ..., "process": {...}, "outcome": {...}}: the job, with what its process says ("": nothing) while it
/// runs, and how it has ended, where that is known.
std::string whole_job_json(const Jobs& jobs, const JobView& view, const std::string& process);

/// What it waits for, as why_json() has it; where its source waits for an upload that is still coming, `for` says how much of
/// that is there.
std::string job_why_json(const Jobs& jobs, const JobRecord& job, const Why& why);

/// Asks its process over one connection, for as long as it is asked ten times a second. Threads: one at a time.
class JobPicture {
 public:
  static constexpr std::chrono::milliseconds kPatience{500};  ///< with a process that does not answer

  /// Both live longer.
  JobPicture(const Jobs& jobs, const EventLog& events, std::uint64_t job) : jobs_(jobs), events_(events), job_(job) {}

  /// {"type": "job", "number": N, "job": {...}, "snapshot": {...}, "why": {...}}, with all events up to the Nth: each as it is
  /// answered when it is asked for alone, or null. The whole is of the moment it is made; why, of the second before, or
  /// as it was last known. It moves while the job runs. Of a job that is forgotten all three are null.
  LivePicture::Made make();

 private:
  using Clock = std::chrono::steady_clock;
  std::string ask(const char* verb);
  std::string why_now(const JobRecord& job, const std::string& snapshot);

  const Jobs& jobs_;
  const EventLog& events_;
  const std::uint64_t job_;
  std::optional<inspect::InspectClient> client_;
  std::deque<std::pair<Clock::time_point, JobSnapshot>> seen_;  // the last second's, and one before
};

}  // namespace leat
