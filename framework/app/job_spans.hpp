/// Spans of jobs, for a collector of traces: of a coordinator's, with their phases, made of what it logs; of a run, with
/// its stages, made of its progress.
#pragma once

#include <leat/app/otlp.hpp>
#include <leat/chunk/log.hpp>
#include <leat/runtime/run.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// Threads: any.
class JobSpans {
 public:
  /// An event of the log, at a time: "job submitted", "job running", "job committed" ... with the field `job`.
  void see(std::string_view phrase, const std::vector<LogField>& fields, std::uint64_t when);
  /// Those that have ended since it was last asked, at most the last kMost.
  std::vector<TraceSpan> take();

  static constexpr std::size_t kMost = 1000;

 private:
  struct Open {
    TraceSpan job;
    TraceSpan phase;  // without a name: none yet
  };

  void end(Open& open, std::uint64_t when, const std::string& why);
  void keep(TraceSpan span);

  std::mutex mutex_;
  std::map<std::string, Open> open_;  // by the job's number
  std::vector<TraceSpan> ended_;
};

/// A log that writes to `log`, and whose events `spans` sees.
Log seen_by(const Log& log, std::shared_ptr<JobSpans> spans);

/// A run and its stages: from the first to the last visit of each, as far as progress has told. Threads: one.
class RunSpans {
 public:
  RunSpans(std::string graph, std::uint64_t began);

  void see(const Progress& progress, std::uint64_t when);
  /// All of them. `why`: it failed; "": it did not.
  std::vector<TraceSpan> take(std::uint64_t when, const std::string& why) const;

 private:
  struct Worked {
    std::uint64_t done = 0;
    std::uint64_t began = 0;
    std::uint64_t ended = 0;
  };

  TraceSpan whole_;
  std::uint64_t seen_;
  std::map<std::string, Worked> stages_;
};

}  // namespace leat
