#include <leat/cluster/newcomers.hpp>

namespace leat {

bool Newcomers::offer(const Member& member) {
  if (!known_.insert(member.peer).second) return false;
  joined_.push_back(member);
  return true;
}

std::optional<Member> Newcomers::take() {
  if (joined_.empty()) return std::nullopt;
  Member first = std::move(joined_.front());
  joined_.erase(joined_.begin());
  return first;
}

void Newcomers::memory_given_back() {
  joined_.insert(joined_.end(), crowded_.begin(), crowded_.end());
  crowded_.clear();
}

void Newcomers::remove(PeerId peer) {
  for (auto* members : {&joined_, &crowded_}) {
    std::erase_if(*members, [&](const Member& member) { return member.peer == peer; });
  }
}

}  // namespace leat
