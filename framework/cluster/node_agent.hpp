/// The agent: what a node does with what its coordinator says, from joining to leaving. One incarnation: a
/// node that joins again has a new one.
#pragma once

#include <leat/cluster/detached_call.hpp>
#include <leat/cluster/control_sender.hpp>
#include <leat/cluster/membership.hpp>
#include <leat/cluster/node_job.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace leat {

/// A job's share, and the thread it runs on.
struct NodeShare {
  std::shared_ptr<NodeJob> job;
  DetachedCall thread;
};

/// Threads: any. Nothing here waits, not even for jobs: see take_jobs().
class NodeAgent {
 public:
  enum class State {
    joining,
    ready,
    draining,
    left,     ///< drained, or told to go
    refused,  ///< never a member: why() says if it is worth another try (overloaded)
    lost,     ///< the coordinator is
  };

  struct Options {
    const NodeOptions* node = nullptr;  ///< outlives this
    std::shared_ptr<const ProgramIdentity> identity;
    std::shared_ptr<DataPlane> data;
    std::shared_ptr<ControlSender> line;
    std::function<void()> changed;  ///< the state has; from the thread of the call that did it
  };
  explicit NodeAgent(Options options) : options_(std::move(options)) {}

  void join(Instant now);
  void received(const ControlBytes& bytes, Instant now);
  void gone(const std::string& why);
  /// Heartbeats, and the coordinator's silence.
  void tick(Instant now);
  /// Asks to leave once the jobs here have ended.
  void drain();

  State state() const;
  /// The coordinator has told it to drain: also when it was lost since.
  bool told_to_drain() const;
  Error why() const;
  /// Adds what its jobs do and did.
  void count(NodeCounters& counters) const;
  /// Adds what its jobs' cells do now, by the names that count() gives.
  void look(JobSnapshots& snapshots) const;
  /// Its jobs, by number.
  std::vector<std::shared_ptr<NodeJob>> jobs() const;
  /// Gives up its jobs, which stop in their own time; those that were told to commit still do.
  std::vector<NodeShare> take_jobs();

 private:
  void take(const control::Message& message);
  void answer(const control::Ask& asked, Instant now);
  void disconnect(State state, Error why);
  void become(State state);
  NodeJob& job(control::JobId id);
  void reap();
  void end_if_stuck() const;
  bool over() const { return state_ == State::left || state_ == State::refused || state_ == State::lost; }
  void say(const control::Message& message);

  Options options_;
  mutable std::mutex mutex_;
  State state_ = State::joining;
  Error why_;
  Instant heard_{0};
  Instant beaten_{0};
  std::chrono::milliseconds heartbeat_{500};
  std::chrono::milliseconds lost_after_{3000};
  bool asked_ = false;  // to be let in
  bool changed_ = false;
  bool told_to_drain_ = false;
  std::map<control::JobId, NodeShare> jobs_;
  NodeCounters past_;  // of jobs that are gone
};

}  // namespace leat
