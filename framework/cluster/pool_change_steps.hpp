/// A change of a job's pools, taken through its steps: each on all of the job's nodes before the next. Pure.
///
///   grow:    prepare -> receive -> attach, or where a node was too late abandon
///   shrink:  shrink
///   let go:  settle, on the node that goes -> part, on the others
///
/// A node that comes with a growth does everything when it builds its share and starts.
#pragma once

#include <leat/cluster/job_parts.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// One change at a time. `parts` outlive it. Threads: one at a time.
class PoolChangeSteps {
 public:
  PoolChangeSteps(control::JobId job, Log log, JobParts& parts) : job_(job), log_(std::move(log)), parts_(parts) {}

  bool under_way() const { return current_.has_value(); }
  /// The one under way.
  const PoolChange& change() const { return current_->change; }

  /// `digest`: what the placement becomes. Gives the node that comes with the growth, if one does: it takes
  /// part from now on, and its share is to be deployed.
  std::optional<NodeId> begin(const PoolChange& change, const std::string& digest, Instant now,
                              std::vector<Sent>& out);
  /// The node has worked its share off, and leaves the job before its end.
  void let_go(NodeId node, Instant now, std::vector<Sent>& out);

  enum class Outcome {
    going_on,
    abandoned,  ///< goes on, but the replica never runs
    settled,    ///< goes on, and the node that goes has no share any more
    over,
  };
  /// What a node says; of any other step than the one it was asked for it does not count.
  Outcome received(JobPart& part, const control::Message& message, Instant now, std::vector<Sent>& out);
  /// Who has been at its step for longer than that.
  const JobPart* slow(Instant now, std::chrono::milliseconds within) const;

 private:
  struct Current {
    PoolChange change;
    control::ResizeStep step = control::ResizeStep::prepare;
    Instant since{0};
    bool too_late = false;
    std::optional<NodeId> comes = std::nullopt;  // the node that it grows onto, when it has no share yet
  };

  void ask(control::ResizeStep step, const std::string& digest, Instant now, std::vector<Sent>& out);
  Outcome next(Instant now, std::vector<Sent>& out);
  Outcome received_by_all(Instant now, std::vector<Sent>& out);
  Outcome end(const char* what);
  void log(const char* what) const;

  control::JobId job_;
  Log log_;
  JobParts& parts_;
  std::optional<Current> current_;
};

}  // namespace leat
