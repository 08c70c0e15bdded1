/// Members that came while a job runs, and are not among its nodes. Pure.
#pragma once

#include <leat/cluster/membership.hpp>

#include <optional>
#include <set>
#include <vector>

namespace leat {

/// Threads: one at a time.
class Newcomers {
 public:
  /// Is among the job's nodes, or was: never a newcomer.
  void known(PeerId peer) { known_.insert(peer); }
  /// True when it is one from now on, false when it was offered before.
  bool offer(const Member& member);
  /// The one that came first.
  std::optional<Member> take();
  /// One that was taken, and has no room beside other jobs: it comes again when they hold less than they did.
  void put_back(const Member& member) { crowded_.push_back(member); }
  void memory_given_back();
  void remove(PeerId peer);

 private:
  std::set<PeerId> known_;
  std::vector<Member> joined_;
  std::vector<Member> crowded_;
};

}  // namespace leat
