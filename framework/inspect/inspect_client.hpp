/// Asks a running process of this machine.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/inspect/descriptor.hpp>
#include <leat/inspect/job_sockets.hpp>
#include <leat/inspect/question.hpp>

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace leat::inspect {

/// A connection to one process, which cannot be mistaken for a later one with its pid. Threads: one.
class InspectClient {
 public:
  /// Errors: those of connect_to_job().
  static Result<InspectClient> connect(const std::filesystem::path& folder, JobNumber number);

  /// The line that is answered, without its end. Errors: what the process says; disconnected (it went meanwhile);
  /// overloaded (no answer within `within`: its process is stopped).
  Result<std::string> ask(const Question& question, std::chrono::milliseconds within = std::chrono::seconds(3));

  JobNumber number() const { return number_; }
  pid_t pid() const { return pid_; }
  /// Waits for the process to be gone: true; or for so long: false.
  bool gone_within(std::chrono::milliseconds time) const;
  /// Ends the process at once, as SIGKILL does. Nothing when it is gone.
  void kill() const;

 private:
  InspectClient(Descriptor socket, JobNumber number) : socket_(std::move(socket)), number_(number) {}
  Result<void> say(const std::string& line, std::chrono::steady_clock::time_point until);
  Result<std::string> hear(std::chrono::steady_clock::time_point until);
  Error silent() const;
  Error lost() const;

  Descriptor socket_;
  Descriptor process_;
  JobNumber number_;
  pid_t pid_ = 0;
  std::string in_;
};

}  // namespace leat::inspect
