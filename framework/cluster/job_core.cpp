#include <leat/cluster/job_core.hpp>

#include <algorithm>
#include <cassert>

namespace leat {
namespace {

std::string on(const Member& member) { return " (on node " + member.joined.node.name + ")"; }

}  // namespace

JobCore::JobCore(Setup setup, Instant now) : setup_(std::move(setup)), since_(now) {}

void JobCore::drafted(Result<std::unique_ptr<JobGraph>> job_graph, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::drafting) return;
  if (!job_graph) return fail(job_graph.error(), out);
  job_graph_ = std::move(*job_graph);
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

void JobCore::enter(Phase phase, Instant now) {
  phase_ = phase;
  since_ = now;
  setup_.log.info("job " + text(phase), {{"job", std::to_string(setup_.id)}, {"graph", setup_.submit.work.program}});
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
  conclude(now, out);
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
                       text(setup_.step_within) + ": see its log"),
                out);
  }
  if (phase_ == Phase::drafting && now - since_ > setup_.step_within) {
    return fail(failed("the coordinator has not built graph " + setup_.submit.work.program + " within " +
                       text(setup_.step_within) + ": a graph's function should read its arguments only"),
                out);
  }
  if (awaited_ && (phase_ == Phase::placing || phase_ == Phase::running) && now - awaited_->since > setup_.step_within) {
    return fail(failed("the coordinator has not placed graph " + setup_.submit.work.program + " within " +
                       text(setup_.step_within) + ": what its stages' kinds describe should not wait for anything"),
                out);
  }
  bool stepping = phase_ == Phase::probing || phase_ == Phase::deploying || phase_ == Phase::committing;
  if (!stepping || now - since_ <= setup_.step_within) return;
  for (Part& part : parts_) {
    if (!part.awaited) continue;
    if (phase_ != Phase::committing) {
      return fail(failed(text(part.member) + " did not end " + text(phase_) + " within " +
                               text(setup_.step_within) + ": see its log"),
                  out);
    }
    part.trouble = "did not commit within " + text(setup_.step_within) + " and may yet";
    part.awaited = false;
  }
  all_committed(out);
}

JobStatus JobCore::status() const {
  bool waits = phase_ == Phase::waiting || phase_ == Phase::queued;
  return {setup_.id, setup_.submit.work.program, text(phase_), merged(), waits ? waits_for_ : ""};
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
    report.peak_pool = std::max(report.peak_pool, part.finished.peak_pool);
    report.nodes.push_back({part.member.joined.node.name, part.progress, part.finished.peak_memory,
                            part.bound.total(), part.finished.peak_pool});
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
    case JobCore::Phase::placing: return "placing";
    case JobCore::Phase::queued: return "waiting";
    case JobCore::Phase::deploying: return "deploying";
    case JobCore::Phase::running: return "running";
    case JobCore::Phase::committing: return "committing";
    case JobCore::Phase::ended: break;
  }
  return "ended";
}

}  // namespace leat
