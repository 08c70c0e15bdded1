/// What the nodes of a run on a cluster say, as the process that has submitted it asks for it.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/cluster/cluster.hpp>
#include <leat/cluster/detached_call.hpp>
#include <leat/diagnosis/snapshot.hpp>
#include <leat/inspect/question.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace leat {

/// Asks through the coordinator, over a connection of its own, on a thread of its own: once a second for the warnings and errors
/// of nodes and coordinator, which are written to a log here, so that a node that is lost has lost at most those of its last
/// second; and for what cells do, when somebody wants to know. Threads: any.
class RunNodes {
 public:
  static constexpr std::chrono::milliseconds kBetweenLogs{1000};
  static constexpr std::chrono::milliseconds kPatience{400};    ///< with nodes that are asked for what their cells do
  static constexpr std::chrono::milliseconds kLastWords{2000};  ///< for what they had still to say at the end

  /// `options`: as of the run. Lines go to `log` with their node's name; of the time before the job those that are
  /// about no job are left out.
  RunNodes(SubmitOptions options, std::string graph, Log log);
  /// As end(false).
  ~RunNodes();

  /// The job's number on the cluster, once it is known; of a job with checkpoints each epoch has its own.
  void at(std::uint64_t job);
  /// 0: it is not known yet.
  std::uint64_t job() const;
  /// What the job does now, on all nodes; of those that have not answered within kPatience what is known. Errors: invalid (it is not
  /// there yet), overloaded (none has answered so far), those of LookedAt.
  Result<JobSnapshot> snapshot();
  /// Asks its nodes for the rows of a tap, which has a name there, and answers as a node does, with the rows by node and, in
  /// `nodes`, whose each is. Errors: those of LookedAt::ask(); invalid (it is not there yet), overloaded (they have not
  /// answered in time).
  Result<std::string> tapped(const inspect::Question& question);
  /// As drain_job(). Errors: its own; invalid (it is not there yet), overloaded (it is not known in time whether it drains).
  Result<void> drain();
  /// The job has ended: what nodes have still said is written; nothing is asked any more. After a good end they are asked only
  /// where they had been before.
  void end(bool failed);

 private:
  struct State;
  static void ask(State& state);

  std::shared_ptr<State> state_;
  DetachedCall call_;
};

}  // namespace leat
