/// Processes of jobs: started so that they outlive the service, known again by a later one, and their ends.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/gateway/job_record.hpp>
#include <leat/inspect/descriptor.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// Starts a program in `folder`, in a session of its own, with nothing to read and nothing of ours open; what it says
/// goes to the end of `log`. Errors: failed. Threads: any.
Result<ProcessIdentity> start_process(const std::vector<std::string>& words, const std::filesystem::path& folder,
                                      const std::filesystem::path& log);

/// Runs a program to its end and returns what it says: on standard output where it ends with 0; else an error with the
/// last line it has said. Errors: invalid (status 2), corrupt (another), failed (a signal; more than `most` bytes; not ended `within`:
/// killed then). Threads: any; waits.
Result<std::string> output_of(const std::vector<std::string>& words, std::size_t most, std::chrono::milliseconds within);

/// The process of that number now; nothing where there is none.
std::optional<ProcessIdentity> process_of(pid_t pid);
bool lives(const ProcessIdentity& process);
/// Seconds of CPU time that it has used so far, with those it has waited for; nothing where it is gone.
std::optional<double> cpu_seconds_of(const ProcessIdentity& process);

/// Sends a signal to the process, and with `all` to those it has started; nothing to another that has got its number.
void signal_process(const ProcessIdentity& process, int signal, bool all = false);

/// How a process ended, where that is known: only who started it is told.
struct ProcessEnd {
  std::optional<int> status = {};  ///< it exited with that
  int signal = 0;                  ///< it was ended by that
  double cpu = 0;                  ///< seconds that it has used, with those it has waited for
};

/// Tells the ends of processes, ours or not, at once. Owns one thread, on which it tells. Threads: any.
class ProcessWatch {
 public:
  /// Errors: failed.
  static Result<std::unique_ptr<ProcessWatch>> open();
  virtual ~ProcessWatch() = default;
  /// Calls `ended` once; at once for one that is gone.
  virtual void watch(const ProcessIdentity& process, std::function<void(ProcessEnd)> ended) = 0;
  /// Calls it once, in so long, unless the watch is gone before.
  virtual void after(std::chrono::milliseconds time, std::function<void()> call) = 0;
};

}  // namespace leat
