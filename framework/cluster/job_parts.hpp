/// The nodes of one job, as its coordinator sees them: who they are, and what each has done of what it was
/// asked for. Pure.
#pragma once

#include <leat/cluster/membership.hpp>
#include <leat/cluster/sent.hpp>
#include <leat/graph/bound.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace leat {

/// One node of a job.
struct JobPart {
  Member member;
  bool takes_part = true;
  bool awaited = false;    ///< an answer of this phase
  Progress progress;
  control::Finished finished;
  Bound bound;
  std::string trouble;     ///< while committing: why it did not
  bool asked = false;      ///< to do a step of a change of a pool
  bool drains = false;
  bool left = false;       ///< had a share and has worked it off
  bool parting = false;    ///< and the others are being told
  bool late = false;       ///< came while the job ran
  std::size_t grown = 0;   ///< replicas it got since
  bool crowded = false;    ///< no room for more beside other jobs
};

/// All of them, by NodeId. Threads: one at a time.
class JobParts {
 public:
  std::size_t size() const { return parts_.size(); }
  JobPart& operator[](NodeId node) { return parts_.at(node); }
  const JobPart& operator[](NodeId node) const { return parts_.at(node); }
  auto begin() { return parts_.begin(); }
  auto end() { return parts_.end(); }
  auto begin() const { return parts_.begin(); }
  auto end() const { return parts_.end(); }

  const JobPart& last() const { return parts_.back(); }
  JobPart& add(const Member& member);
  void remove_last() { parts_.pop_back(); }
  /// The one of that peer, when it takes part.
  JobPart* find(PeerId peer);
  NodeId number_of(const JobPart& part) const { return static_cast<NodeId>(&part - parts_.data()); }

  /// From now on an answer of each that takes part is awaited.
  void await_all();
  bool awaits_any() const;
  /// One that is to stay has finished.
  bool ending() const;
  bool uses(PeerId peer) const;

  std::vector<NodeSpec> specs() const;
  /// What all that have or had a share have done.
  Progress progress() const;
  /// Error: invalid, when data connections cannot go from any node to any other.
  Result<void> reachable() const;

  /// To all that take part, but for `except`.
  void send_all(const control::Message& message, std::vector<Sent>& out, const JobPart* except = nullptr) const;
  /// Lets those go who have worked their share off: they need not know how the others do.
  void cancel_parting(control::JobId job, std::vector<Sent>& out);

 private:
  std::vector<JobPart> parts_;
};

}  // namespace leat
