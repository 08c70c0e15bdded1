#include <leat/cluster/membership.hpp>

#include <algorithm>

namespace leat {

std::string to_string(std::chrono::milliseconds time) {
  auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string to_string(const Member& member) {
  return "node " + member.joined.node.name + " (" + to_string(member.joined.data) + ")";
}

Result<void> Membership::join(PeerId peer, control::Join join, Instant now) {
  for (const Member& member : members_) {
    if (member.joined.node.name == join.node.name) {
      return overloaded("the name " + join.node.name + " is taken by " + to_string(member) +
                        ": choose another, or wait until that node has left");
    }
    if (member.joined.incarnation == join.incarnation || member.peer == peer) {
      return overloaded(to_string(member) + " has joined already: a node joins once");
    }
  }
  members_.push_back({peer, std::move(join), now, false});
  return {};
}

void Membership::heard(PeerId peer, Instant now) {
  for (Member& member : members_) {
    if (member.peer == peer) member.heard = std::max(member.heard, now);
  }
}

void Membership::leave(PeerId peer) {
  std::erase_if(members_, [&](const Member& member) { return member.peer == peer; });
}

void Membership::drain(PeerId peer) {
  for (Member& member : members_) {
    if (member.peer == peer) member.draining = true;
  }
}

std::vector<Member> Membership::silent(Instant now) const {
  std::vector<Member> out;
  std::copy_if(members_.begin(), members_.end(), std::back_inserter(out),
               [&](const Member& member) { return now - member.heard > lost_after_; });
  return out;
}

const Member* Membership::find(PeerId peer) const {
  auto at = std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.peer == peer; });
  return at == members_.end() ? nullptr : &*at;
}

const Member* Membership::find(const std::string& name) const {
  auto at = std::find_if(members_.begin(), members_.end(),
                         [&](const Member& m) { return m.joined.node.name == name; });
  return at == members_.end() ? nullptr : &*at;
}

std::vector<Member> Membership::available(const std::string& host) const {
  std::vector<Member> out;
  std::copy_if(members_.begin(), members_.end(), std::back_inserter(out),
               [](const Member& member) { return !member.draining; });
  std::stable_partition(out.begin(), out.end(), [&](const Member& m) { return m.joined.host == host; });
  return out;
}

}  // namespace leat
