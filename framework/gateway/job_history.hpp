/// What jobs have shown of themselves while they ran, kept with them: their curves, and what they waited for last.
#pragma once

#include <leat/diagnosis/snapshot.hpp>
#include <leat/gateway/jobs.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace leat {

/// Owns one thread, which asks the processes that run: soon after they begin, and every 10 s in the end. What they say is
/// in a file of the job's folder, so that it is there however they end, and whatever becomes of the service.
/// Threads: any.
class JobHistory {
 public:
  static constexpr std::chrono::milliseconds kFirst{250}, kEvery{10'000};  ///< each look comes twice as late as the one before
  static constexpr std::chrono::milliseconds kFresh{1000};  ///< so long what a process has drawn is good

  /// Both live longer.
  JobHistory(const Jobs& jobs, EventLog& events);
  ~JobHistory();
  JobHistory(const JobHistory&) = delete;
  JobHistory& operator=(const JobHistory&) = delete;

  /// What it has drawn, as curves_json() has it: of one that runs as of the last kFresh, of one that has ended all of it, or
  /// what was last seen of it. "": nothing is known.
  std::string curves(std::uint64_t id);

 private:
  using Clock = std::chrono::steady_clock;
  struct Look {
    Clock::time_point next;
    Clock::duration step = kFirst;
    std::optional<JobSnapshot> before = {};
    std::string why = {};  // "": not known
  };
  struct Asked {
    Clock::time_point when;
    std::string curves;
  };

  void run();
  void changed();
  void look_again();
  void look(std::uint64_t id, Look& look);
  std::string ask(std::uint64_t id, const char* verb) const;

  const Jobs& jobs_;
  EventLog& events_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool poked_ = true, ends_ = false;
  std::map<std::uint64_t, Asked> asked_;
  std::map<std::uint64_t, Look> looks_;  // the thread's
  std::thread thread_;
  std::uint64_t listener_ = 0;
};

/// What a job waited for when it was last looked at, as why_json() has it; "": nobody looked.
std::string last_why(const Jobs& jobs, std::uint64_t id);

}  // namespace leat
