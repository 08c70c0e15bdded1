#include <leat/cluster/job_memory.hpp>

namespace leat {

Result<void> JobMemory::fits(const std::vector<Bound>& bounds) const {
  for (NodeId node = 0; node < parts_.size(); ++node) {
    const NodeSpec& spec = parts_[node].member.joined.node;
    for (std::uint64_t limit : {spec.memory, most_}) {
      if (limit == 0) continue;
      if (auto ok = leat::fits(bounds.at(node), limit); !ok) return ok.error().in("node " + spec.name);
    }
  }
  return {};
}

Result<void> JobMemory::room(const std::vector<Bound>& bounds) const {
  for (NodeId node = 0; node < parts_.size(); ++node) {
    if (!parts_[node].takes_part) continue;
    if (auto ok = nodes_.room(job_, parts_[node].member, bounds.at(node)); !ok) return ok;
  }
  return {};
}

bool JobMemory::may_grow(const std::vector<Bound>& bounds, NodeId node) const {
  const Member& member = parts_[node].member;
  if (nodes_.claimed(member.peer)) return false;
  if (!nodes_.room(job_, member, bounds.at(node))) return false;
  return room(bounds).ok();
}

std::string JobMemory::waits_for(const std::vector<Bound>& bounds) const {
  for (const JobPart& part : parts_) {
    if (!part.takes_part || !nodes_.claimed(part.member.peer)) continue;
    return "for memory, behind a job that came before and waits for memory of node " + part.member.joined.node.name;
  }
  auto ok = room(bounds);
  return ok ? "" : "for memory: " + ok.error().sentence;
}

void JobMemory::claim() {
  for (const JobPart& part : parts_) {
    if (part.takes_part && part.member.joined.node.memory > 0) nodes_.claim(part.member.peer);
  }
}

void JobMemory::hold() {
  for (const JobPart& part : parts_) {
    if (part.takes_part) nodes_.hold(job_, part.member.peer, part.bound);
  }
}

}  // namespace leat
