// Pools of a running job grow onto nodes that come, and shrink off nodes that drain: one change at
// a time, each step on all nodes before the next.
#include <algorithm>

#include <leat/cluster/job_core.hpp>

namespace leat {

using Doing = control::ResizeStep;

void JobCore::offer(const Member& member) {
  if (phase_ != Phase::running || !offered_.insert(member.peer).second) return;
  joined_.push_back(member);
  pools_may_change_ = true;
}

void JobCore::drain(PeerId node) {
  for (auto* members : {&joined_, &crowded_}) {
    std::erase_if(*members, [&](const Member& member) { return member.peer == node; });
  }
  for (Part& part : parts_) {
    if (part.member.peer != node) continue;
    part.drains = true;
    pools_may_change_ = true;
  }
}

void JobCore::memory_given_back() {
  for (Part& part : parts_) part.crowded = false;
  joined_.insert(joined_.end(), crowded_.begin(), crowded_.end());
  crowded_.clear();
  pools_may_change_ = true;
}

// Those that have left the job before its end need not know how the others do.
void JobCore::release(std::vector<Sent>& out) {
  for (Part& part : parts_) {
    if (!std::exchange(part.parts, false)) continue;
    out.push_back({part.member.peer, control::Cancel{setup_.id, "nothing of the job runs here any more"}});
  }
}

bool JobCore::ending() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
    return part.takes_part && !part.awaited && !part.drains;
  });
}

void JobCore::change_pools(Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::running || resizing_ || awaited_ || !pools_may_change_) return;
  if (!current_) return ask_to_place(past_.changes, std::nullopt, now);
  if (!ending() && let_go(now, out)) return;
  // A node that comes is told all changes so far: one more and its end must fit a message.
  bool all_told = past_.changes.size() + 2 <= control::kMostEntries;
  auto change = ending() || !all_told ? std::nullopt : next_change();
  pools_may_change_ = change || !current_;
  if (!pools_may_change_) return;
  auto changes = past_.changes;
  if (change) changes.push_back(*change);
  ask_to_place(changes, change, now);
}

// A node that drains and whose cells have all ended, to the last of them, goes before the job's
// end.
bool JobCore::let_go(Instant now, std::vector<Sent>& out) {
  auto gone = std::find_if(parts_.begin(), parts_.end(), [](const Part& part) {
    return part.takes_part && part.drains && !part.awaited &&
           part.finished.ending == Ending::complete;
  });
  if (gone == parts_.end()) return false;
  auto node = static_cast<NodeId>(gone - parts_.begin());
  if (current_->takes_part.at(node)) return false;
  resizing_.emplace();
  resizing_->change = {PoolChange::What::shrink, 0, 0, node};
  resizing_->step = Doing::settle;
  resizing_->since = now;
  gone->asked = true;
  out.push_back({gone->member.peer,
                 control::Resize{setup_.id, Doing::settle, resizing_->change, {}, {}, ""}});
  return true;
}

// While a job runs, what cannot be planned is not done; what the user's functions throw ends the job, as it
// would anywhere else.
void JobCore::placed_again(Result<PlacedJob> placed, const std::optional<PoolChange>& change,
                           Instant now, std::vector<Sent>& out) {
  if (!placed && placed.error().thrown) return fail(placed.error(), out);
  if (placed && change) return begin(*change, std::move(*placed), now, out);
  if (change) parts_[change->node].grown = parts_[change->node].member.joined.node.cpus;
  pools_may_change_ = placed.ok();
  if (placed) current_ = std::move(*placed);
}

std::optional<PoolChange> JobCore::next_change() {
  if (auto shrinking = next_shrinking()) return shrinking;
  if (auto growth = next_growth()) return growth;
  return next_wished();
}

void JobCore::look_at_pools() {
  if (resizing_ || awaited_ || !current_ || current_->pools.empty()) return;
  wish_ = scaler_.wish(current_->pools, specs(), merged());
  pools_may_change_ = pools_may_change_ || wish_;
}

std::optional<PoolChange> JobCore::next_wished() {
  auto wish = std::exchange(wish_, std::nullopt);
  if (!wish || !current_) return std::nullopt;
  PoolChoices possible = current_->possible;
  std::erase_if(possible.growths, [&](const PoolChange& change) {
    const Part& part = parts_.at(change.node);
    return !part.takes_part || part.drains || part.crowded;
  });
  return scaler_.choose(*wish, current_->pools, specs(), possible);
}

std::optional<PoolChange> JobCore::next_shrinking() const {
  for (const PoolChange& change : current_->possible.shrinkings) {
    const Part& part = parts_.at(change.node);
    if (part.takes_part && part.drains) return change;
  }
  return std::nullopt;
}

// Of several pools the one comes first that the node has fewest replicas of: they take turns.
std::optional<PoolChange> JobCore::next_growth() {
  for (NodeId node = 0; node < parts_.size(); ++node) {
    const Part& part = parts_[node];
    if (!part.late || part.drains || part.crowded || part.grown >= part.member.joined.node.cpus) continue;
    std::vector<PoolChange> able;
    for (const PoolChange& change : current_->possible.growths) {
      if (change.node == node) able.push_back(change);
    }
    if (!able.empty()) return able[part.grown % able.size()];
  }
  forget_last();
  while (!joined_.empty()) {
    parts_.push_back({});
    parts_.back().member = joined_.front();
    parts_.back().late = true;
    parts_.back().takes_part = false;
    joined_.erase(joined_.begin());
    // What can be done with it is known once all is placed again.
    if (reachable()) {
      current_.reset();
      break;
    }
    parts_.pop_back();
  }
  return std::nullopt;
}

// One that nothing could be placed on goes, so that the numbers of nodes follow those with a share.
void JobCore::forget_last() {
  const Part& last = parts_.back();
  if (!last.late || last.takes_part || last.left) return;
  if (last.crowded && !last.drains) crowded_.push_back(last.member);
  parts_.pop_back();
  std::erase_if(current_->possible.growths,
                [&](const PoolChange& change) { return change.node >= parts_.size(); });
  for (ReplicaPool& pool : current_->pools) pool.live.resize(std::min(pool.live.size(), parts_.size()));
}

// Jobs that wait for memory of a node come before pools that would grow there.
bool JobCore::has_room(const PlacedJob& placed, NodeId node) const {
  const Member& member = parts_[node].member;
  if (setup_.memory->claimed(member.peer)) return false;
  if (!setup_.memory->room(setup_.id, member, placed.bounds.at(node))) return false;
  return room(placed.bounds).ok();
}

void JobCore::begin(const PoolChange& change, PlacedJob placed, Instant now, std::vector<Sent>& out) {
  bool grows = change.what == PoolChange::What::grow;
  Part& where = parts_[change.node];
  pools_may_change_ = true;
  // It was decided a while ago.
  if (ending() || (grows && where.drains)) return;
  if (!fits_nodes(placed.bounds)) {
    where.grown = where.member.joined.node.cpus;
    return;
  }
  if (grows && !has_room(placed, change.node)) {
    where.crowded = true;
    return;
  }
  for (std::size_t node = 0; node < parts_.size(); ++node) parts_[node].bound = placed.bounds.at(node);
  resizing_.emplace();
  resizing_->change = change;
  past_.changes.push_back(change);
  current_ = std::move(placed);
  if (grows && !where.takes_part) resizing_->comes = change.node;
  setup_.log.info(grows ? "pool grows" : "pool shrinks",
                  {{"job", std::to_string(setup_.id)},
                   {"node", where.member.joined.node.name},
                   {"replica", std::to_string(change.replica)}});
  ask_step(grows ? Doing::prepare : Doing::shrink, current_->digest, now, out);
  if (resizing_->comes) deploy_late(*resizing_->comes, current_->digest, out);
  hold();
}

void JobCore::deploy_late(NodeId node, const std::string& digest, std::vector<Sent>& out) {
  Part& part = parts_[node];
  part.takes_part = part.awaited = part.asked = true;
  control::Deploy deploy = deployment(digest);
  deploy.me = node;
  out.push_back({part.member.peer, std::move(deploy)});
}

// Asks all that have a share, but for the node that comes: it does everything when it builds and
// starts.
void JobCore::ask_step(Doing step, const std::string& digest, Instant now, std::vector<Sent>& out) {
  resizing_->step = step;
  resizing_->since = now;
  control::Resize resize{setup_.id, step, resizing_->change, {}, {}, digest};
  if (step == Doing::prepare && resizing_->comes) {
    const control::Join& comes = parts_[*resizing_->comes].member.joined;
    resize.nodes.push_back(comes.node);
    resize.data.push_back(comes.data);
  }
  for (NodeId node = 0; node < parts_.size(); ++node) {
    Part& part = parts_[node];
    if (!part.takes_part || resizing_->comes == node) continue;
    part.asked = true;
    out.push_back({part.member.peer, resize});
  }
}

void JobCore::step_done(Part& part, bool too_late, Instant now, std::vector<Sent>& out) {
  part.asked = false;
  resizing_->too_late = resizing_->too_late || too_late;
  bool more =
      std::any_of(parts_.begin(), parts_.end(), [](const Part& each) { return each.asked; });
  if (!more) next_step(now, out);
}

void JobCore::abandon(const PoolChange& change) {
  past_.changes.push_back({PoolChange::What::abandon, change.cell, change.replica, change.node});
  current_.reset();
}

// Commits, once all have finished and no change of a pool is under way.
void JobCore::conclude(Instant now, std::vector<Sent>& out) {
  if (std::any_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.awaited; })) return;
  bool interrupted = std::any_of(parts_.begin(), parts_.end(), [](const Part& p) {
    return p.takes_part && p.finished.ending == Ending::interrupted;
  });
  if (interrupted) {
    cancel("interrupted", out);
    return end(report(Ending::interrupted), out);
  }
  // A step that a node is at can still fail: nobody commits beside it.
  if (resizing_) return;
  // What its submitter cannot be told must not be committed.
  if (auto told = control::encode(control::Outcome{report(Ending::complete)}); !told) return fail(told.error(), out);
  enter(Phase::committing, now);
  release(out);
  for (Part& each : parts_) each.awaited = each.takes_part;
  to_all(out, control::Commit{setup_.id});
  invariants();
}

void JobCore::next_step(Instant now, std::vector<Sent>& out) {
  PoolChange change = resizing_->change;
  switch (resizing_->step) {
    case Doing::prepare:
      return ask_step(Doing::receive, "", now, out);
    case Doing::receive: {
      if (resizing_->comes)
        out.push_back({parts_[change.node].member.peer, control::Start{setup_.id}});
      if (!resizing_->too_late) return ask_step(Doing::attach, "", now, out);
      abandon(change);
      // The node that comes has built its share with the replica, and must know what became of it.
      resizing_->comes.reset();
      return ask_step(Doing::abandon, "", now, out);
    }
    case Doing::attach:
    case Doing::abandon:
      ++parts_[change.node].grown;
      break;
    case Doing::shrink:
      break;
    case Doing::settle:
      parts_[change.node].takes_part = false;
      parts_[change.node].left = parts_[change.node].parts = true;
      setup_.memory->release(setup_.id, parts_[change.node].member.peer);
      return ask_step(Doing::part, "", now, out);
    case Doing::part:
      release(out);
      resizing_.reset();
      pools_may_change_ = true;
      return conclude(now, out);
  }
  bool attached = resizing_->step == Doing::attach;
  resizing_.reset();
  pools_may_change_ = true;
  const char* what = change.what == PoolChange::What::shrink ? "pool shrank"
                     : attached                              ? "pool grew"
                                                             : "pool grew too late";
  setup_.log.info(what, {{"job", std::to_string(setup_.id)},
                         {"node", parts_[change.node].member.joined.node.name},
                         {"replica", std::to_string(change.replica)}});
  conclude(now, out);
}

}  // namespace leat
