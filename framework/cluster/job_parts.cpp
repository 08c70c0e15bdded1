#include <leat/cluster/job_parts.hpp>

#include <algorithm>
#include <utility>

namespace leat {

JobPart& JobParts::add(const Member& member) {
  parts_.emplace_back().member = member;
  return parts_.back();
}

JobPart* JobParts::find(PeerId peer) {
  auto at = std::find_if(parts_.begin(), parts_.end(),
                         [&](const JobPart& part) { return part.takes_part && part.member.peer == peer; });
  return at == parts_.end() ? nullptr : &*at;
}

void JobParts::await_all() {
  for (JobPart& part : parts_) part.awaited = part.takes_part;
}

bool JobParts::awaits_any() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const JobPart& part) { return part.awaited; });
}

bool JobParts::ending() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const JobPart& part) {
    return part.takes_part && !part.awaited && !part.drains;
  });
}

bool JobParts::uses(PeerId peer) const {
  return std::any_of(parts_.begin(), parts_.end(), [&](const JobPart& part) {
    return (part.takes_part || part.parting) && part.member.peer == peer;
  });
}

std::vector<NodeSpec> JobParts::specs() const {
  std::vector<NodeSpec> specs;
  for (const JobPart& part : parts_) specs.push_back(part.member.joined.node);
  return specs;
}

Progress JobParts::progress() const {
  std::vector<Progress> shares;
  for (const JobPart& part : parts_) {
    if (part.takes_part || part.left) shares.push_back(part.progress);
  }
  return sum(shares);
}

Result<void> JobParts::reachable() const {
  const Member& first = parts_.front().member;
  for (const JobPart& part : parts_) {
    const control::Join& other = part.member.joined;
    if (other.tls != first.joined.tls) {
      return invalid(to_string(part.member) + " and " + to_string(first) +
                     " do not agree on TLS for data: give certificates to both or to none");
    }
    for (const control::Join* one : {&first.joined, &other}) {
      if (other.host == first.joined.host || !is_loopback(one->data)) continue;
      return invalid("node " + one->node.name + " takes data on " + to_string(one->data) +
                     " only, which other machines cannot reach: give it an address of its machine");
    }
  }
  return {};
}

void JobParts::send_all(const control::Message& message, std::vector<Sent>& out, const JobPart* except) const {
  for (const JobPart& part : parts_) {
    if (part.takes_part && &part != except) out.push_back({part.member.peer, message});
  }
}

void JobParts::cancel_parting(control::JobId job, std::vector<Sent>& out) {
  for (JobPart& part : parts_) {
    if (!std::exchange(part.parting, false)) continue;
    out.push_back({part.member.peer, control::Cancel{job, "nothing of the job runs here any more"}});
  }
}

}  // namespace leat
