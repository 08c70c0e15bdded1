// Where a job runs: from the nodes that are there to its deployment on those that get a share.
#include <leat/actor/guard.hpp>
#include <leat/cluster/job_core.hpp>

#include <algorithm>
#include <cassert>

namespace leat {

Result<PlacedJob> place(const Placing& placing) {
  return guarded([&] {
    return placing.job_graph->place(placing.probes, placing.nodes, placing.process_base, placing.past);
  });
}

void JobCore::place(const std::vector<Member>& available, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::waiting) return;
  if (available.size() < setup_.submit.nodes) {
    waits_for_ = "for " + std::to_string(setup_.submit.nodes) + " nodes: " + std::to_string(available.size()) +
                 (available.size() == 1 ? " is there" : " are there");
    if (now - since_ <= setup_.submit.nodes_within) return;
    return fail(overloaded("the job wants " + std::to_string(setup_.submit.nodes) + " nodes and " +
                           std::to_string(available.size()) + " are there after " +
                           text(setup_.submit.nodes_within) + ": start more, or ask for fewer"),
                out);
  }
  for (const Member& member : available) {
    parts_.push_back({});
    parts_.back().member = member;
    offered_.insert(member.peer);
  }
  if (auto ok = reachable(); !ok) return fail(ok.error(), out);
  auto sites = job_graph_->sites(specs());
  if (!sites) return fail(sites.error(), out);
  ask_for_probes(*sites, now, out);
}

// Data connections go from any node to any other.
Result<void> JobCore::reachable() const {
  const control::Join& first = parts_.front().member.joined;
  for (const Part& part : parts_) {
    const control::Join& other = part.member.joined;
    if (other.tls != first.tls) {
      return invalid(text(part.member) + " and " + text(parts_.front().member) +
                     " do not agree on TLS for data: give certificates to both or to none");
    }
    for (const control::Join* one : {&first, &other}) {
      if (other.host == first.host || !is_loopback(one->data)) continue;
      return invalid("node " + one->node.name + " takes data on " + text(one->data) +
                     " only, which other machines cannot reach: give it an address of its machine");
    }
  }
  return {};
}

void JobCore::ask_for_probes(const std::map<StageId, NodeId>& sites, Instant now, std::vector<Sent>& out) {
  enter(Phase::probing, now);
  bool asked = false;
  for (NodeId node = 0; node < parts_.size(); ++node) {
    control::Probe probe{setup_.id, setup_.submit.work, {}};
    for (const auto& [stage, site] : sites) {
      if (site == node) probe.sources.push_back(stage);
    }
    if (probe.sources.empty()) continue;
    parts_[node].awaited = asked = true;
    out.push_back({parts_[node].member.peer, std::move(probe)});
  }
  sites_ = sites;
  if (!asked) lay_down(now, out);
}

void JobCore::probed(Part& part, const control::Probed& probed, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::probing || !part.awaited) return;
  auto node = static_cast<NodeId>(&part - parts_.data());
  for (const auto& [stage, description] : probed.sources) {
    auto site = sites_.find(stage);
    if (site == sites_.end() || site->second != node) {
      return fail(failed(text(part.member) + " described a source it was not asked for"), out);
    }
    probes_[stage] = description;
  }
  part.awaited = false;
  bool awaited = std::any_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.awaited; });
  if (!awaited) lay_down(now, out);
}

void JobCore::lay_down(Instant now, std::vector<Sent>& out) {
  if (probes_.size() != sites_.size()) return fail(failed("a source was not described by its node"), out);
  for (const Part& part : parts_) base_ = std::max(base_, part.member.joined.process_base);
  past_.placed = parts_.size();
  enter(Phase::placing, now);
  ask_to_place({}, std::nullopt, now);
}

void JobCore::ask_to_place(const std::vector<PoolChange>& changes, std::optional<PoolChange> change, Instant now) {
  assert(!awaited_);
  awaited_ = {change, now};
  to_place_ = {setup_.id, job_graph_, probes_, specs(), base_, {past_.placed, changes}};
}

void JobCore::placed(Result<PlacedJob> placed, Instant now, std::vector<Sent>& out) {
  if (!awaited_ || ended()) return;
  auto change = std::exchange(awaited_, std::nullopt)->change;
  if (phase_ == Phase::running) return placed_again(std::move(placed), change, now, out);
  if (phase_ != Phase::placing) return;
  if (!placed) return fail(placed.error(), out);
  placed_at_first(std::move(*placed), now, out);
}

void JobCore::placed_at_first(PlacedJob placed, Instant now, std::vector<Sent>& out) {
  if (auto ok = fits_nodes(placed.bounds); !ok) return fail(ok.error(), out);
  for (std::size_t node = 0; node < parts_.size(); ++node) {
    Part& part = parts_[node];
    part.bound = placed.bounds.at(node);
    part.takes_part = placed.takes_part.at(node);
    // It may hold a source it was asked to look at.
    if (!part.takes_part) out.push_back({part.member.peer, control::Cancel{setup_.id, "nothing of the job is placed here"}});
  }
  scaler_ = Scaler(placed.pools);
  current_ = std::move(placed);
  waits_for_.clear();
  phase_ = Phase::queued;
  since_ = now;
}

// What would have to be there first; nothing when it may start.
std::string JobCore::waits_for() const {
  for (const Part& part : parts_) {
    if (!part.takes_part || !setup_.memory->claimed(part.member.peer)) continue;
    return "for memory, behind a job that came before and waits for memory of node " + part.member.joined.node.name;
  }
  auto ok = room(current_->bounds);
  return ok ? "" : "for memory: " + ok.error().sentence;
}

void JobCore::admit(Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::queued) return;
  std::string waits = waits_for();
  if (waits.empty()) {
    hold();
    return deploy(now, out);
  }
  for (const Part& part : parts_) {
    if (part.takes_part && part.member.joined.node.memory > 0) setup_.memory->claim(part.member.peer);
  }
  if (waits_for_.empty()) setup_.log.info("job waits", {{"job", std::to_string(setup_.id)}, {"why", waits}});
  waits_for_ = std::move(waits);
}

Result<void> JobCore::room(const std::vector<Bound>& bounds) const {
  for (std::size_t node = 0; node < parts_.size(); ++node) {
    if (!parts_[node].takes_part) continue;
    if (auto ok = setup_.memory->room(setup_.id, parts_[node].member, bounds.at(node)); !ok) return ok;
  }
  return {};
}

void JobCore::hold() {
  for (std::size_t node = 0; node < parts_.size(); ++node) {
    if (parts_[node].takes_part) setup_.memory->hold(setup_.id, parts_[node].member.peer, parts_[node].bound);
  }
}

Result<void> JobCore::fits_nodes(const std::vector<Bound>& bounds) const {
  for (std::size_t node = 0; node < parts_.size(); ++node) {
    const NodeSpec& spec = parts_[node].member.joined.node;
    for (std::uint64_t limit : {spec.memory, setup_.submit.memory}) {
      if (limit == 0) continue;
      if (auto ok = fits(bounds.at(node), limit); !ok) return ok.error().in("node " + spec.name);
    }
  }
  return {};
}

control::Deploy JobCore::deployment(const std::string& digest) const {
  control::Deploy deploy{setup_.id, 1, setup_.token, setup_.submit.work, probes_, specs(), {}, 0, base_, digest,
                         static_cast<std::uint32_t>(past_.placed), past_.changes};
  for (const Part& part : parts_) deploy.data.push_back(part.member.joined.data);
  return deploy;
}

void JobCore::deploy(Instant now, std::vector<Sent>& out) {
  enter(Phase::deploying, now);
  control::Deploy deploy = deployment(current_->digest);
  for (NodeId node = 0; node < parts_.size(); ++node) {
    Part& part = parts_[node];
    if (!part.takes_part) continue;
    deploy.me = node;
    part.awaited = true;
    out.push_back({part.member.peer, deploy});
  }
}

}  // namespace leat
