#include <leat/cluster/pool_change_steps.hpp>

#include <algorithm>

namespace leat {

using Doing = control::ResizeStep;

std::optional<NodeId> PoolChangeSteps::begin(const PoolChange& change, const std::string& digest, Instant now,
                                             std::vector<Sent>& out) {
  bool grows = change.what == PoolChange::What::grow;
  JobPart& where = parts_[change.node];
  current_ = Current{change};
  if (grows && !where.takes_part) current_->comes = change.node;
  log(grows ? "pool grows" : "pool shrinks");
  ask(grows ? Doing::prepare : Doing::shrink, digest, now, out);
  if (current_->comes) where.takes_part = where.awaited = where.asked = true;
  return current_->comes;
}

void PoolChangeSteps::let_go(NodeId node, Instant now, std::vector<Sent>& out) {
  current_ = Current{{PoolChange::What::shrink, 0, 0, node}, Doing::settle, now};
  parts_[node].asked = true;
  out.push_back({parts_[node].member.peer, control::Resize{job_, Doing::settle, current_->change, {}, {}, ""}});
}

// Asks all that have a share, but for the node that comes.
void PoolChangeSteps::ask(Doing step, const std::string& digest, Instant now, std::vector<Sent>& out) {
  current_->step = step;
  current_->since = now;
  control::Resize resize{job_, step, current_->change, {}, {}, digest};
  if (step == Doing::prepare && current_->comes) {
    const control::Join& comes = parts_[*current_->comes].member.joined;
    resize.nodes.push_back(comes.node);
    resize.data.push_back(comes.data);
  }
  for (NodeId node = 0; node < parts_.size(); ++node) {
    JobPart& part = parts_[node];
    if (!part.takes_part || current_->comes == node) continue;
    part.asked = true;
    out.push_back({part.member.peer, resize});
  }
}

PoolChangeSteps::Outcome PoolChangeSteps::received(JobPart& part, const control::Message& message, Instant now,
                                                   std::vector<Sent>& out) {
  auto* resized = std::get_if<control::Resized>(&message);
  if (!resized && !std::holds_alternative<control::Built>(message)) return Outcome::going_on;
  if (!current_ || !part.asked || (resized && resized->step != current_->step)) return Outcome::going_on;
  part.asked = false;
  current_->too_late = current_->too_late || (resized && resized->too_late);
  bool more = std::any_of(parts_.begin(), parts_.end(), [](const JobPart& each) { return each.asked; });
  return more ? Outcome::going_on : next(now, out);
}

PoolChangeSteps::Outcome PoolChangeSteps::next(Instant now, std::vector<Sent>& out) {
  JobPart& where = parts_[change().node];
  switch (current_->step) {
    case Doing::prepare:
      ask(Doing::receive, "", now, out);
      return Outcome::going_on;
    case Doing::receive:
      return received_by_all(now, out);
    case Doing::attach:
      ++where.grown;
      return end("pool grew");
    case Doing::abandon:
      ++where.grown;
      return end("pool grew too late");
    case Doing::shrink:
      return end("pool shrank");
    case Doing::settle:
      where.takes_part = false;
      where.left = where.parting = true;
      ask(Doing::part, "", now, out);
      return Outcome::settled;
    case Doing::part:
      break;
  }
  parts_.cancel_parting(job_, out);
  current_.reset();
  return Outcome::over;
}

PoolChangeSteps::Outcome PoolChangeSteps::received_by_all(Instant now, std::vector<Sent>& out) {
  if (current_->comes) out.push_back({parts_[change().node].member.peer, control::Start{job_}});
  if (!current_->too_late) {
    ask(Doing::attach, "", now, out);
    return Outcome::going_on;
  }
  // The node that comes has built its share with the replica, and must know what became of it.
  current_->comes.reset();
  ask(Doing::abandon, "", now, out);
  return Outcome::abandoned;
}

PoolChangeSteps::Outcome PoolChangeSteps::end(const char* what) {
  log(what);
  current_.reset();
  return Outcome::over;
}

void PoolChangeSteps::log(const char* what) const {
  log_.info(what, {{"job", std::to_string(job_)},
                   {"node", parts_[change().node].member.joined.node.name},
                   {"replica", std::to_string(change().replica)}});
}

const JobPart* PoolChangeSteps::slow(Instant now, std::chrono::milliseconds within) const {
  if (!current_ || now - current_->since <= within) return nullptr;
  auto at = std::find_if(parts_.begin(), parts_.end(), [](const JobPart& part) { return part.asked; });
  return at == parts_.end() ? nullptr : &*at;
}

}  // namespace leat
