#include <leat/cluster/pool_changes.hpp>

#include <algorithm>
#include <utility>

namespace leat {

void PoolChanges::start(PlacedJob placed) {
  for (const JobPart& part : parts_) newcomers_.known(part.member.peer);
  next_.start(placed);
  placed_ = std::move(placed);
}

void PoolChanges::offer(const Member& member) {
  if (newcomers_.offer(member)) may_change_ = true;
}

void PoolChanges::drain(PeerId node) {
  newcomers_.remove(node);
  for (JobPart& part : parts_) {
    if (part.member.peer != node) continue;
    part.drains = true;
    may_change_ = true;
  }
}

void PoolChanges::memory_given_back() {
  for (JobPart& part : parts_) part.crowded = false;
  newcomers_.memory_given_back();
  may_change_ = true;
}

void PoolChanges::look() {
  if (steps_.under_way() || !placed_) return;
  may_change_ = next_.look(*placed_) || may_change_;
}

std::optional<PoolChanges::ToPlace> PoolChanges::next(Instant now, std::vector<Sent>& out) {
  if (steps_.under_way() || !may_change_) return std::nullopt;
  if (!placed_) return ToPlace{made_, std::nullopt};
  if (!parts_.ending() && let_go(now, out)) return std::nullopt;
  // A node that comes is told all changes so far: one more and its end must fit a message.
  bool all_told = made_.size() + 2 <= control::kMostEntries;
  auto change = parts_.ending() || !all_told ? std::nullopt : choose();
  may_change_ = change || !placed_;
  if (!may_change_) return std::nullopt;
  ToPlace to_place{made_, change};
  if (change) to_place.changes.push_back(*change);
  return to_place;
}

// A node that drains and whose cells have all ended, to the last of them, goes before the job's end.
bool PoolChanges::let_go(Instant now, std::vector<Sent>& out) {
  auto gone = std::find_if(parts_.begin(), parts_.end(), [](const JobPart& part) {
    return part.takes_part && part.drains && !part.awaited && part.finished.ending == Ending::complete;
  });
  if (gone == parts_.end()) return false;
  NodeId node = parts_.number_of(*gone);
  if (placed_->takes_part.at(node)) return false;
  steps_.let_go(node, now, out);
  return true;
}

std::optional<PoolChange> PoolChanges::choose() {
  if (auto change = next_.for_drained(*placed_)) return change;
  if (auto change = next_.for_late(*placed_)) return change;
  forget_last();
  take_newcomer();
  return next_.for_wish(placed_);
}

// One that nothing could be placed on goes, so that the numbers of nodes follow those with a share.
void PoolChanges::forget_last() {
  const JobPart& last = parts_.last();
  if (!last.late || last.takes_part || last.left) return;
  if (last.crowded && !last.drains) newcomers_.put_back(last.member);
  parts_.remove_last();
  std::erase_if(placed_->possible.growths, [&](const PoolChange& change) { return change.node >= parts_.size(); });
  for (ReplicaPool& pool : placed_->pools) pool.live.resize(std::min(pool.live.size(), parts_.size()));
}

void PoolChanges::take_newcomer() {
  while (auto member = newcomers_.take()) {
    JobPart& part = parts_.add(*member);
    part.late = true;
    part.takes_part = false;
    // What can be done with it is known once all is placed again.
    if (parts_.reachable()) return placed_.reset();
    parts_.remove_last();
  }
}

std::optional<NodeId> PoolChanges::placed(Result<PlacedJob> placed, const std::optional<PoolChange>& change,
                                          Instant now, std::vector<Sent>& out) {
  if (!placed || !change) {
    if (change) parts_[change->node].grown = parts_[change->node].member.joined.node.cpus;
    may_change_ = placed.ok();
    if (placed) placed_ = std::move(*placed);
    return std::nullopt;
  }
  may_change_ = true;
  if (!still_to_make(*change, *placed)) return std::nullopt;
  for (NodeId node = 0; node < parts_.size(); ++node) parts_[node].bound = placed->bounds.at(node);
  made_.push_back(*change);
  placed_ = std::move(*placed);
  auto comes = steps_.begin(*change, placed_->digest, now, out);
  memory_.hold();
  return comes;
}

// It was decided a while ago.
bool PoolChanges::still_to_make(const PoolChange& change, const PlacedJob& placed) {
  bool grows = change.what == PoolChange::What::grow;
  JobPart& where = parts_[change.node];
  if (parts_.ending() || (grows && where.drains)) return false;
  if (!memory_.fits(placed.bounds)) {
    where.grown = where.member.joined.node.cpus;
    return false;
  }
  if (!grows || memory_.may_grow(placed.bounds, change.node)) return true;
  where.crowded = true;
  return false;
}

bool PoolChanges::received(JobPart& part, const control::Message& message, Instant now, std::vector<Sent>& out) {
  if (!steps_.under_way()) return false;
  PoolChange change = steps_.change();
  switch (steps_.received(part, message, now, out)) {
    case PoolChangeSteps::Outcome::going_on:
      return false;
    case PoolChangeSteps::Outcome::abandoned:
      made_.push_back({PoolChange::What::abandon, change.cell, change.replica, change.node});
      placed_.reset();
      return false;
    case PoolChangeSteps::Outcome::settled:
      memory_.release(parts_[change.node]);
      return false;
    case PoolChangeSteps::Outcome::over:
      break;
  }
  may_change_ = true;
  return true;
}

}  // namespace leat
