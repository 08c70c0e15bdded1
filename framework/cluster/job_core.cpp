#include <leat/cluster/job_core.hpp>

#include <leat/graph/fingerprint.hpp>

#include <algorithm>
#include <cassert>

namespace leat {
namespace {

std::string seconds(std::chrono::milliseconds time) {
  auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string on(const Member& member) { return " (on node " + member.joined.node.name + ")"; }

}  // namespace

JobCore::JobCore(Setup setup, Instant now) : setup_(std::move(setup)), since_(now) {
  if (setup_.blueprint) phase_ = Phase::waiting;
}

void JobCore::drafted(Result<std::unique_ptr<Blueprint>> blueprint, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::drafting) return;
  if (!blueprint) return fail(blueprint.error(), out);
  setup_.blueprint = std::move(*blueprint);
  enter(Phase::waiting, now);
}

JobCore::Part* JobCore::part_of(PeerId node) {
  auto at = std::find_if(parts_.begin(), parts_.end(),
                         [&](const Part& part) { return part.takes_part && part.member.peer == node; });
  return at == parts_.end() ? nullptr : &*at;
}

bool JobCore::uses(PeerId node) const {
  return !ended() && std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
    return (part.takes_part || part.parts) && part.member.peer == node;
  });
}

std::vector<NodeSpec> JobCore::specs() const {
  std::vector<NodeSpec> specs;
  for (const Part& part : parts_) specs.push_back(part.member.joined.node);
  return specs;
}

template <class Each>
void JobCore::to_all(std::vector<Sent>& out, Each message) const {
  for (const Part& part : parts_) {
    if (part.takes_part) out.push_back({part.member.peer, message});
  }
}

void JobCore::enter(Phase phase, Instant now) {
  phase_ = phase;
  since_ = now;
  setup_.log.info("job " + text(phase), {{"job", std::to_string(setup_.id)}, {"graph", setup_.submit.work.program}});
}

void JobCore::place(const std::vector<Member>& available, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::waiting) return;
  if (available.size() < setup_.submit.nodes) {
    if (now - since_ <= setup_.submit.nodes_within) return;
    return fail(overloaded("the job wants " + std::to_string(setup_.submit.nodes) + " nodes and " +
                           std::to_string(available.size()) + " are there after " +
                           seconds(setup_.submit.nodes_within) + ": start more, or ask for fewer"),
                out);
  }
  for (const Member& member : available) {
    parts_.push_back({});
    parts_.back().member = member;
    offered_.insert(member.peer);
  }
  if (auto ok = reachable(); !ok) return fail(ok.error(), out);
  auto sites = setup_.blueprint->sites(specs());
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
  auto placed = setup_.blueprint->place(probes_, specs(), base_);
  if (!placed) return fail(placed.error(), out);
  for (std::size_t node = 0; node < parts_.size(); ++node) parts_[node].bound = placed->bounds.at(node);
  if (auto ok = fits_nodes(); !ok) return fail(ok.error(), out);
  pools_ = placed->pools;
  scaler_ = Scaler(pools_);
  deploy(*placed, now, out);
}

Result<void> JobCore::fits_nodes() const {
  for (const Part& part : parts_) {
    for (std::uint64_t limit : {part.member.joined.node.memory, setup_.submit.memory}) {
      if (limit == 0) continue;
      if (auto ok = fits(part.bound, limit); !ok) {
        return ok.error().in("node " + part.member.joined.node.name);
      }
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

void JobCore::deploy(const PlacedJob& placed, Instant now, std::vector<Sent>& out) {
  enter(Phase::deploying, now);
  control::Deploy deploy = deployment(placed.digest);
  for (NodeId node = 0; node < parts_.size(); ++node) {
    Part& part = parts_[node];
    part.takes_part = placed.takes_part.at(node);
    if (part.takes_part) {
      deploy.me = node;
      part.awaited = true;
      out.push_back({part.member.peer, deploy});
      continue;
    }
    // It may hold a source it was asked to look at.
    out.push_back({part.member.peer, control::Cancel{setup_.id, "nothing of the job is placed here"}});
  }
}

void JobCore::received(PeerId from, const control::Message& message, Instant now, std::vector<Sent>& out) {
  Part* part = part_of(from);
  if (!part || ended()) return;
  if (auto* said = std::get_if<control::Probed>(&message)) return probed(*part, *said, now, out);
  if (auto* said = std::get_if<control::Failed>(&message)) return part_failed(*part, said->why, out);
  if (auto* said = std::get_if<control::Finished>(&message)) return finished(*part, *said, now, out);
  bool built = std::holds_alternative<control::Built>(message) && phase_ == Phase::deploying;
  bool committed = std::holds_alternative<control::Committed>(message) && phase_ == Phase::committing;
  if ((built || committed) && part->awaited) return answered(*part, now, out);
  if (phase_ != Phase::running) return;
  if (auto* said = std::get_if<control::Resized>(&message)) {
    if (resizing_ && resizing_->step == said->step && part->asked) step_done(*part, said->too_late, now, out);
    return;
  }
  if (std::holds_alternative<control::Built>(message)) {
    if (resizing_ && part->asked) step_done(*part, false, now, out);
    return;
  }
  if (auto* said = std::get_if<control::Underway>(&message)) {
    part->progress = said->progress;
    news_ = true;
  } else if (std::holds_alternative<control::GateEnded>(message)) {
    for (const Part& other : parts_) {
      if (other.takes_part && &other != part) out.push_back({other.member.peer, message});
    }
  }
}

void JobCore::answered(Part& part, Instant now, std::vector<Sent>& out) {
  part.awaited = false;
  bool awaited = std::any_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.awaited; });
  if (awaited) return;
  if (phase_ == Phase::committing) return all_committed(out);
  enter(Phase::running, now);
  pools_may_change_ = true;
  for (Part& each : parts_) each.awaited = each.takes_part;
  to_all(out, control::Start{setup_.id});
}

void JobCore::finished(Part& part, const control::Finished& finished, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::running || !part.awaited) return;
  part.awaited = false;
  part.finished = finished;
  part.progress = finished.progress;
  pools_may_change_ = pools_may_change_ || part.drains;
  if (std::any_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.awaited; })) return;
  bool interrupted = std::any_of(parts_.begin(), parts_.end(), [](const Part& p) {
    return p.takes_part && p.finished.ending == Ending::interrupted;
  });
  if (interrupted) {
    cancel("interrupted", out);
    return end(report(Ending::interrupted), out);
  }
  // What its submitter cannot be told must not be committed.
  if (auto told = control::encode(control::Outcome{report(Ending::complete)}); !told) return fail(told.error(), out);
  enter(Phase::committing, now);
  release(out);
  for (Part& each : parts_) each.awaited = each.takes_part;
  to_all(out, control::Commit{setup_.id});
  invariants();
}

void JobCore::part_failed(Part& part, const Error& why, std::vector<Sent>& out) {
  if (phase_ != Phase::committing) return fail(why.and_then(on(part.member)), out);
  if (!part.awaited) return;
  part.trouble = "failed: " + why.sentence;
  answered(part, since_, out);
}

void JobCore::lost(PeerId node, const std::string& why, std::vector<Sent>& out) {
  drain(node);
  Part* part = part_of(node);
  if (!part || ended()) return;
  if (phase_ != Phase::committing) {
    return fail({ErrorKind::disconnected, text(part->member) + " was lost: " + why + "; nothing is committed"}, out);
  }
  if (!part->awaited) return;
  part->trouble = "was lost (" + why + ") and may or may not have committed";
  answered(*part, since_, out);
}

// What was decided cannot be taken back: say exactly how far it came.
void JobCore::all_committed(std::vector<Sent>& out) {
  std::string done;
  std::string trouble;
  for (const Part& part : parts_) {
    if (!part.takes_part) continue;
    if (part.trouble.empty()) {
      done += (done.empty() ? "" : ", ") + part.member.joined.node.name;
    } else {
      trouble += (trouble.empty() ? "" : "; ") + text(part.member) + " " + part.trouble;
    }
  }
  if (trouble.empty()) return end(report(Ending::complete), out);
  end(failed("the job is complete but not wholly committed: " + trouble +
                   (done.empty() ? "; no node has committed" : "; committed on " + done)),
      out);
}

void JobCore::submitter_lost(const std::string& why, std::vector<Sent>& out) {
  setup_.submitter = 0;
  if (phase_ == Phase::committing) return;
  fail({ErrorKind::disconnected, "who submitted the job was lost: " + why}, out);
}

void JobCore::interrupt(std::vector<Sent>& out) {
  if (phase_ == Phase::running) return to_all(out, control::Interrupt{setup_.id});
  if (phase_ == Phase::committing || ended()) return;
  cancel("interrupted before it started", out);
  end(report(Ending::interrupted), out);
}

void JobCore::fail(const Error& error, std::vector<Sent>& out) {
  if (ended()) return;
  if (phase_ == Phase::committing) {
    return end(error.and_then(", while the job was being committed: look at what is there"), out);
  }
  cancel(error.sentence, out);
  end(error, out);
}

void JobCore::cancel(const std::string& why, std::vector<Sent>& out) {
  release(out);
  to_all(out, control::Cancel{setup_.id, why});
}

void JobCore::end(std::variant<Report, Error> content, std::vector<Sent>& out) {
  assert(!ended());
  phase_ = Phase::ended;
  auto* error = std::get_if<Error>(&content);
  std::vector<LogField> fields = {{"job", std::to_string(setup_.id)}, {"graph", setup_.submit.work.program}};
  if (error) {
    fields.emplace_back("why", error->sentence);
    setup_.log.error("job failed", fields);
  } else {
    bool complete = std::get<Report>(content).ending == Ending::complete;
    setup_.log.info(complete ? "job committed" : "job interrupted", fields);
  }
  if (setup_.submitter != 0) out.push_back({setup_.submitter, control::Outcome{std::move(content)}});
}

void JobCore::tick(Instant now, std::vector<Sent>& out) {
  if (std::exchange(news_, false) && phase_ == Phase::running) {
    if (setup_.submitter != 0) out.push_back({setup_.submitter, control::Underway{setup_.id, merged()}});
    look_at_pools();
  }
  if (phase_ == Phase::running && resizing_ && now - resizing_->since > setup_.step_within) {
    auto slow = std::find_if(parts_.begin(), parts_.end(), [](const Part& part) { return part.asked; });
    return fail(failed(text(slow->member) + " did not do its part of growing or shrinking a stage within " +
                       seconds(setup_.step_within) + ": see its log"),
                out);
  }
  if (phase_ == Phase::drafting && now - since_ > setup_.step_within) {
    return fail(failed("the coordinator has not built graph " + setup_.submit.work.program + " within " +
                       seconds(setup_.step_within) + ": a graph's function should read its arguments only"),
                out);
  }
  bool stepping = phase_ == Phase::probing || phase_ == Phase::deploying || phase_ == Phase::committing;
  if (!stepping || now - since_ <= setup_.step_within) return;
  for (Part& part : parts_) {
    if (!part.awaited) continue;
    if (phase_ != Phase::committing) {
      return fail(failed(text(part.member) + " did not end " + text(phase_) + " within " +
                               seconds(setup_.step_within) + ": see its log"),
                  out);
    }
    part.trouble = "did not commit within " + seconds(setup_.step_within) + " and may yet";
    part.awaited = false;
  }
  all_committed(out);
}

JobStatus JobCore::status() const {
  return {setup_.id, setup_.submit.work.program, text(phase_), merged()};
}

Progress JobCore::merged() const {
  std::vector<Progress> shares;
  for (const Part& part : parts_) {
    if (part.takes_part || part.left) shares.push_back(part.progress);
  }
  return sum(shares);
}

Report JobCore::report(Ending ending) const {
  Report report;
  report.ending = ending;
  report.progress = merged();
  for (const Part& part : parts_) {
    if (!(part.takes_part || part.left) || phase_ == Phase::waiting) continue;
    const auto& results = part.finished.results;
    report.results.insert(report.results.end(), results.begin(), results.end());
    if (report.bound.total() < part.bound.total()) report.bound = part.bound;
    report.peak_memory = std::max(report.peak_memory, part.finished.peak_memory);
    report.nodes.push_back({part.member.joined.node.name, part.progress, part.finished.peak_memory, part.bound.total()});
  }
  return report;
}

void JobCore::invariants() const {
  // Commit is told only when every node has finished completely.
  assert(phase_ != Phase::committing || std::all_of(parts_.begin(), parts_.end(), [&](const Part& part) {
           return !part.takes_part ||
                  (part.finished.job == setup_.id && part.finished.ending == Ending::complete);
         }));
}

std::string text(JobCore::Phase phase) {
  switch (phase) {
    case JobCore::Phase::drafting: return "drafting";
    case JobCore::Phase::waiting: return "waiting";
    case JobCore::Phase::probing: return "probing";
    case JobCore::Phase::deploying: return "deploying";
    case JobCore::Phase::running: return "running";
    case JobCore::Phase::committing: return "committing";
    case JobCore::Phase::ended: break;
  }
  return "ended";
}

}  // namespace leat
