/// What a process answers when it is asked, whoever carries the question: its socket, or its coordinator.
#pragma once

#include <leat/app/log_lines.hpp>
#include <leat/diagnosis/snapshot.hpp>
#include <leat/inspect/question.hpp>
#include <leat/runtime/curve.hpp>
#include <leat/runtime/tap.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace leat {

/// A process as it shows itself. The functions are called on the thread that is asked, and wait for nothing that a
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
  /// The first rows that a stage emits from now on, as Job::tap() has it. Errors: its own, and as snapshot.
  std::function<Result<std::shared_ptr<Tap>>(const std::string& job, const std::string& place, std::size_t rows)> tap;
  /// Of a run on a cluster, instead: as RunNodes::tapped().
  std::function<Result<std::string>(const inspect::Question& question)> tap_nodes = {};
  std::function<std::vector<NamedCurve>()> curves = {};  ///< of a run
  std::function<Result<void>()> cancel;  ///< end it, and commit nothing
  std::function<Result<void>()> drain;   ///< take nothing new, finish what is there
  std::shared_ptr<LogLines> logs;
  std::string node = {};  ///< of a node its name
};

/// What a job can be in, everywhere in the same words: a cluster's phases, and what a process is told.
inline constexpr const char* kJobStates[] = {"building",  "waiting",   "probing",  "placing",    "deploying", "running",
                                             "draining",  "cancelling", "committing", "ready",   "silent"};

/// Threads: any.
class Answers {
 public:
  /// A tap that nobody has asked about for so long ends with the next question of anybody.
  static constexpr std::chrono::seconds kPatience{10};
  static constexpr std::size_t kMostTaps = 16;

  explicit Answers(InspectedProcess process) : process_(std::move(process)) {}

  /// An object of JSON, on one line. Errors: those of what is asked.
  Result<std::string> answer(const inspect::Question& question);
  /// Those questions that whoever is of the cluster may ask: they change nothing. Errors: invalid (another one).
  Result<std::string> answer_to_cluster(const inspect::Question& question);

 private:
  struct Asked {
    std::shared_ptr<Tap> tap;
    std::chrono::steady_clock::time_point when;
  };

  std::string described() const;
  Result<std::string> dumped(const std::string& job) const;
  Result<std::string> tapped(const inspect::Question& question);
  Result<std::shared_ptr<Tap>> tap_of(const inspect::Question& question);
  void forget_taps();

  const InspectedProcess process_;
  std::mutex mutex_;
  std::map<std::string, Asked> taps_;  // by the name that who asks has given
};

}  // namespace leat
