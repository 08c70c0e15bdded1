/// What jobs hold of their nodes' memory: those that are on a node at the same time fit it together, its
/// process counted once. Pure.
#pragma once

#include <leat/cluster/membership.hpp>
#include <leat/graph/bound.hpp>

#include <map>
#include <set>

namespace leat {

/// Threads: one at a time.
class NodeMemory {
 public:
  /// Whether the bound fits the node beside what other jobs hold there. Error: overloaded, "node a has ...".
  Result<void> room(control::JobId job, const Member& node, const Bound& bound) const;
  /// The job holds that much there, and what it held before if that was more: pools that have shrunk may
  /// grow back.
  void hold(control::JobId job, PeerId node, const Bound& bound);
  void release(control::JobId job, PeerId node);
  void release(control::JobId job);
  /// True once after something was released, or is claimed no more.
  bool given_back();

  /// Somebody waits for memory there: nobody who came later may take it.
  void claim(PeerId node) { claimed_.insert(node); }
  bool claimed(PeerId node) const { return claimed_.count(node) > 0; }
  /// Those who still wait claim again.
  void forget_claims();

 private:
  struct Held {
    std::uint64_t process = 0;
    std::uint64_t own = 0;
  };
  std::map<PeerId, std::map<control::JobId, Held>> held_;
  std::set<PeerId> claimed_;
  std::set<PeerId> were_claimed_;
  bool given_back_ = false;
};

}  // namespace leat
