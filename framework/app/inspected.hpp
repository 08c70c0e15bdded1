/// What a process says of itself to whoever asks on its socket: one for each run, node and coordinator.
#pragma once

#include <leat/app/log_lines.hpp>
#include <leat/diagnosis/snapshot.hpp>
#include <leat/inspect/inspect_server.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace leat {

/// A process as its socket shows it. The functions are called on the socket's thread, and wait for nothing that a
/// stage can hold.
struct InspectedProcess {
  std::string kind;     ///< "run", "node" or "coordinator"
  std::string program;
  std::string build;
  std::string graph = {};  ///< of a run
  std::function<std::string()> state;  ///< one of kJobStates
  /// More that `describe` shows, as an object of JSON: progress, jobs, nodes.
  std::function<std::string()> details = {};
  /// Of the only job, or of that called so. Errors: invalid (there is none, or none so called).
  std::function<Result<JobSnapshot>(const std::string& job)> snapshot;
  std::function<Result<void>()> cancel;  ///< end it, and commit nothing
  std::function<Result<void>()> drain;   ///< take nothing new, finish what is there
  std::shared_ptr<LogLines> logs;
};

/// What a job can be in, everywhere in the same words: a cluster's phases, and what a process is told.
inline constexpr const char* kJobStates[] = {"building",  "waiting",   "probing",  "placing",    "deploying", "running",
                                             "draining",  "cancelling", "committing", "ready",   "silent"};

/// Answers on a socket for as long as it lives, which is shorter than what the process's functions refer to.
class Inspected {
 public:
  /// Errors: those of InspectServer::open(). Who cannot be asked runs nevertheless.
  static Result<std::unique_ptr<Inspected>> open(InspectedProcess process);

  /// As InspectServer::after().
  void after(std::chrono::milliseconds time, std::function<void()> call) { server_->after(time, std::move(call)); }

 private:
  explicit Inspected(InspectedProcess process) : process_(std::move(process)) {}
  Result<std::string> answer(const inspect::Question& question);
  std::string described() const;
  Result<std::string> dumped(const std::string& job) const;

  InspectedProcess process_;
  std::unique_ptr<inspect::InspectServer> server_;
};

}  // namespace leat
