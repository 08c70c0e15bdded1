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
  if (std::size_t wanted = wanted_nodes(now); available.size() < wanted) {
    wait("for nodes: " + std::to_string(available.size()) + " of " + std::to_string(wanted), out);
    if (now - since_ <= setup_.submit.nodes_within) return;
    return fail(overloaded("the job wants " + std::to_string(setup_.submit.nodes) + " nodes and " +
                           std::to_string(available.size()) + " are there after " +
                           to_string(setup_.submit.nodes_within) + ": start more, or ask for fewer"),
                out);
  }
  for (const Member& member : available) parts_.add(member);
  if (auto ok = parts_.reachable(); !ok) return fail(ok.error(), out);
  auto sites = job_graph_->sites(parts_.specs());
  if (!sites) return fail(sites.error(), out);
  ask_for_probes(*sites, now, out);
}

// Its submitter knows at once what it waits for.
void JobCore::wait(std::string what, std::vector<Sent>& out) {
  if (what == waits_for_) return;
  waits_for_ = std::move(what);
  if (setup_.submitter != 0) out.push_back({setup_.submitter, control::Underway{setup_.id, {}, waits_for_}});
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

void JobCore::probed(JobPart& part, const control::Probed& probed, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::probing || !part.awaited) return;
  NodeId node = parts_.number_of(part);
  for (const auto& [stage, description] : probed.sources) {
    auto site = sites_.find(stage);
    if (site == sites_.end() || site->second != node) {
      return fail(failed(to_string(part.member) + " described a source it was not asked for"), out);
    }
    probes_[stage] = description;
  }
  part.awaited = false;
  if (!parts_.awaits_any()) lay_down(now, out);
}

void JobCore::lay_down(Instant now, std::vector<Sent>& out) {
  if (probes_.size() != sites_.size()) return fail(failed("a source was not described by its node"), out);
  for (const JobPart& part : parts_) base_ = std::max(base_, part.member.joined.process_base);
  placed_on_ = parts_.size();
  enter(Phase::placing, now);
  ask_to_place({}, std::nullopt, now);
}

void JobCore::ask_to_place(const std::vector<PoolChange>& changes, std::optional<PoolChange> change, Instant now) {
  assert(!awaited_);
  awaited_ = {change, now};
  to_place_ = {setup_.id, job_graph_, probes_, parts_.specs(), base_, {placed_on_, changes, {}, has_cuts()}};
  for (const LayoutNode& node : setup_.submit.start.from.laid_out) to_place_->past.laid_out.push_back(node_spec(node));
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
  if (auto ok = memory_.fits(placed.bounds); !ok) return fail(ok.error(), out);
  for (NodeId node = 0; node < parts_.size(); ++node) {
    JobPart& part = parts_[node];
    part.bound = placed.bounds.at(node);
    part.takes_part = placed.takes_part.at(node);
    // It may hold a source it was asked to look at.
    if (!part.takes_part) out.push_back({part.member.peer, control::Cancel{setup_.id, "nothing of the job is placed here"}});
  }
  changes_.start(std::move(placed));
  waits_for_.clear();
  phase_ = Phase::queued;
  since_ = now;
}

void JobCore::admit(Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::queued) return;
  std::string waits = memory_.waits_for(changes_.placement()->bounds);
  if (waits.empty()) {
    memory_.hold();
    return deploy(now, out);
  }
  memory_.claim();
  if (waits_for_.empty()) setup_.log.info("job waits", {{"job", std::to_string(setup_.id)}, {"why", waits}});
  wait(std::move(waits), out);
}

control::Deploy JobCore::deployment_on(NodeId node) const {
  control::Deploy deploy{setup_.id, 1, setup_.token, setup_.submit.work, probes_, parts_.specs(), {}, node, base_,
                         changes_.placement()->digest, static_cast<std::uint32_t>(placed_on_), changes_.made(), setup_.submit.start};
  for (const JobPart& part : parts_) deploy.data.push_back(part.member.joined.data);
  return deploy;
}

void JobCore::deploy(Instant now, std::vector<Sent>& out) {
  enter(Phase::deploying, now);
  parts_.await_all();
  for (NodeId node = 0; node < parts_.size(); ++node) {
    if (parts_[node].takes_part) out.push_back({parts_[node].member.peer, deployment_on(node)});
  }
}

void JobCore::offer(const Member& member) {
  if (phase_ == Phase::running) changes_.offer(member);
}

void JobCore::change_pools(Instant now, std::vector<Sent>& out) {
  // A cut has to find the pools as it was ordered.
  if (phase_ != Phase::running || awaited_ || has_cuts()) return;
  if (auto next = changes_.next(now, out)) ask_to_place(next->changes, next->change, now);
}

// While a job runs, what cannot be planned is not done; what the user's functions throw ends the job, as it
// would anywhere else.
void JobCore::placed_again(Result<PlacedJob> placed, const std::optional<PoolChange>& change, Instant now,
                           std::vector<Sent>& out) {
  if (!placed && placed.error().thrown) return fail(placed.error(), out);
  auto comes = changes_.placed(std::move(placed), change, now, out);
  if (!comes) return;
  out.push_back({parts_[*comes].member.peer, deployment_on(*comes)});
  if (drained_) out.push_back({parts_[*comes].member.peer, control::DrainJob{setup_.id}});
}

}  // namespace leat
