/// A job that is looked at: of this machine, through its socket, of a cluster, through its coordinator, or of a service.
#pragma once

#include <leat/app/verbs.hpp>
#include <leat/cluster/cluster.hpp>
#include <leat/diagnosis/snapshot.hpp>
#include <leat/inspect/question.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// Threads: one.
class LookedAt {
 public:
  /// What one process of the job answers.
  struct Heard {
    /// "" where the job, or the share that is asked, is in one process; of a cluster's, the coordinator.
    std::string node;
    bool heard = true;   ///< false: it has not answered in time
    std::string answer;  ///< an object of JSON
  };

  virtual ~LookedAt() = default;

  /// What it says of itself, an object of JSON, its number among it. Errors, here and below: disconnected, where it has
  /// ended meanwhile; overloaded, where it does not answer.
  virtual Result<std::string> described() = 0;
  /// What it does now. Of a node that does not answer what it did last; it is marked as not heard.
  virtual Result<JobSnapshot> snapshot() = 0;
  /// Asks each process. Errors: the first that answers with one, where none answers otherwise.
  virtual Result<std::vector<Heard>> ask(inspect::Question question) = 0;
  /// Waits for its end: true; or for so long: false. Of a cluster's the end is known by an error only.
  virtual bool gone_within(std::chrono::milliseconds time) = 0;
};

/// The one that was said: with --cluster by number or graph, else as asked_job(). Errors: those of asked_job(), of
/// submit_options() and of NodeQuestions::open(); invalid (the cluster has no such job; the near name).
Result<std::unique_ptr<LookedAt>> looked_at(const VerbCall& call);

/// The same; with --cluster it may be a job that has ended, said by number, of which only `logs` tells anything.
Result<std::unique_ptr<LookedAt>> looked_back_at(const VerbCall& call);

/// A job of a cluster, by its number there and its graph; it may end meanwhile, and then answers `logs` only. Errors: those of
/// NodeQuestions::open().
Result<std::unique_ptr<LookedAt>> job_of_cluster(const SubmitOptions& options, std::uint64_t number, const std::string& graph);

/// Whether an error of a LookedAt says that the job has ended.
inline bool has_ended(const Error& error) { return error.kind == ErrorKind::disconnected; }

/// " (node b is silent)", for each that was not heard; or "".
std::string silent_nodes(const JobSnapshot& snapshot);

}  // namespace leat
