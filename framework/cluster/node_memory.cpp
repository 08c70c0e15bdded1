#include <leat/cluster/node_memory.hpp>

#include <leat/actor/saturating.hpp>

#include <algorithm>

namespace leat {

Result<void> NodeMemory::room(control::JobId job, const Member& node, const Bound& bound) const {
  std::uint64_t limit = node.joined.node.memory;
  auto here = held_.find(node.peer);
  if (limit == 0 || here == held_.end()) return {};
  std::uint64_t process = bound.of(BoundTerm::What::process_base);
  std::uint64_t own = bound.total() - process;
  std::uint64_t others = 0;
  std::size_t jobs = 0;
  for (const auto& [other, held] : here->second) {
    process = std::max(process, held.process);
    if (other == job) {
      own = std::max(own, held.own);
      continue;
    }
    others = plus(others, held.own);
    ++jobs;
  }
  if (jobs == 0 || plus(process, plus(own, others)) <= limit) return {};
  return overloaded("node " + node.joined.node.name + " has " + byte_text(limit) + ", its process and " +
                    std::to_string(jobs) + (jobs == 1 ? " job" : " jobs") + " hold " +
                    byte_text(plus(process, others)) + ", and this job needs " + byte_text(own));
}

void NodeMemory::hold(control::JobId job, PeerId node, const Bound& bound) {
  std::uint64_t process = bound.of(BoundTerm::What::process_base);
  Held& held = held_[node][job];
  held.process = std::max(held.process, process);
  held.own = std::max(held.own, bound.total() - process);
}

void NodeMemory::release(control::JobId job, PeerId node) {
  auto here = held_.find(node);
  if (here == held_.end() || here->second.erase(job) == 0) return;
  given_back_ = true;
  if (here->second.empty()) held_.erase(here);
}

bool NodeMemory::given_back() {
  bool unclaimed = std::any_of(were_claimed_.begin(), were_claimed_.end(), [&](PeerId node) { return !claimed(node); });
  were_claimed_.clear();
  return std::exchange(given_back_, false) || unclaimed;
}

void NodeMemory::forget_claims() {
  were_claimed_.insert(claimed_.begin(), claimed_.end());
  claimed_.clear();
}

void NodeMemory::release(control::JobId job) {
  for (auto here = held_.begin(); here != held_.end();) {
    given_back_ = here->second.erase(job) > 0 || given_back_;
    here = here->second.empty() ? held_.erase(here) : std::next(here);
  }
}

}  // namespace leat
