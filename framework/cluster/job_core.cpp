#include <leat/cluster/job_core.hpp>

#include <leat/runtime/job_state.hpp>

#include <algorithm>
#include <cassert>

namespace leat {
namespace {

std::string on(const Member& member) { return " (on node " + member.joined.node.name + ")"; }

}  // namespace

JobCore::JobCore(Setup setup, Instant now)
    : setup_(std::move(setup)),
      since_(now),
      memory_(setup_.id, setup_.submit.memory, *setup_.memory, parts_),
      changes_(setup_.id, setup_.log, parts_, memory_),
      cuts_(setup_.id, parts_) {}

void JobCore::graph_built(Result<std::unique_ptr<JobGraph>> job_graph, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::building) return;
  if (!job_graph) return fail(job_graph.error(), out);
  job_graph_ = std::move(*job_graph);
  enter(Phase::waiting, now);
}

void JobCore::enter(Phase phase, Instant now) {
  phase_ = phase;
  since_ = now;
  setup_.log.info("job " + to_string(phase), {{"job", std::to_string(setup_.id)}, {"graph", setup_.submit.work.program}});
}

void JobCore::received(PeerId from, const control::Message& message, Instant now, std::vector<Sent>& out) {
  JobPart* part = parts_.find(from);
  if (!part || ended()) return;
  if (std::holds_alternative<control::Gone>(message)) return left(*part, out);
  if (phase_ == Phase::leaving) return;
  if (auto* said = std::get_if<control::Probed>(&message)) return probed(*part, *said, now, out);
  if (auto* said = std::get_if<control::Failed>(&message)) return part_failed(*part, said->why, out);
  if (auto* said = std::get_if<control::Finished>(&message)) return finished(*part, *said, now, out);
  if (auto* said = std::get_if<control::Built>(&message); said && setup_.files && phase_ <= Phase::running) {
    auto ok = setup_.files->use(setup_.id, setup_.submit.work.program, part->member, said->files);
    if (!ok) return fail(ok.error(), out);
  }
  bool built = std::holds_alternative<control::Built>(message) && phase_ == Phase::deploying;
  bool committed = std::holds_alternative<control::Committed>(message) && phase_ == Phase::committing;
  if ((built || committed) && part->awaited) return answered(*part, now, out);
  if (phase_ != Phase::running) return;
  if (auto* said = std::get_if<control::CutTaken>(&message)) return cut_taken(*part, *said, out);
  if (changes_.received(*part, message, now, out)) return conclude(now, out);
  if (auto* said = std::get_if<control::Underway>(&message)) {
    part->progress = said->progress;
    news_ = true;
  } else if (std::holds_alternative<control::GateEnded>(message)) {
    parts_.send_all(message, out, part);
  }
}

void JobCore::answered(JobPart& part, Instant now, std::vector<Sent>& out) {
  part.awaited = false;
  if (parts_.awaits_any()) return;
  if (phase_ == Phase::committing) return all_committed(out);
  if (setup_.submit.start.work != EpochWork::run) return commit(now, out);
  enter(Phase::running, now);
  changes_.look_again();
  parts_.await_all();
  parts_.send_all(control::Start{setup_.id}, out);
}

void JobCore::finished(JobPart& part, const control::Finished& finished, Instant now, std::vector<Sent>& out) {
  if (phase_ != Phase::running || !part.awaited) return;
  part.awaited = false;
  part.finished = finished;
  part.progress = finished.progress;
  if (part.drains) changes_.look_again();
  conclude(now, out);
}

// Commits, once all have finished and no change of a pool is under way.
void JobCore::conclude(Instant now, std::vector<Sent>& out) {
  if (parts_.awaits_any()) return;
  bool interrupted = std::any_of(parts_.begin(), parts_.end(), [](const JobPart& part) {
    return part.takes_part && part.finished.ending == Ending::interrupted;
  });
  if (interrupted) {
    cancel("interrupted", out);
    return end(report(Ending::interrupted), out);
  }
  // A step that a node is at can still fail: nobody commits beside it.
  if (changes_.under_way()) return;
  if (has_cuts()) return publish_last(now, out);
  // What its submitter cannot be told must not be committed.
  if (auto told = control::encode(control::Outcome{report(Ending::complete)}); !told) return fail(told.error(), out);
  commit(now, out);
}

void JobCore::commit(Instant now, std::vector<Sent>& out) {
  enter(Phase::committing, now);
  parts_.cancel_parting(setup_.id, out);
  parts_.await_all();
  parts_.send_all(control::Commit{setup_.id}, out);
  invariants();
}

void JobCore::part_failed(JobPart& part, const Error& why, std::vector<Sent>& out) {
  if (phase_ != Phase::committing || has_cuts()) return fail(why.and_then(on(part.member)), out);
  if (!part.awaited) return;
  part.trouble = "failed: " + why.sentence;
  answered(part, since_, out);
}

void JobCore::lost(PeerId node, const std::string& why, std::vector<Sent>& out) {
  drain(node);
  JobPart* part = parts_.find(node);
  if (!part || ended()) return;
  if (phase_ == Phase::leaving) return left(*part, out);
  if (phase_ != Phase::committing || has_cuts()) {
    Error lost{ErrorKind::disconnected, to_string(part->member) + " was lost: " + why + (has_cuts() ? "" : "; nothing is committed")};
    fail(lost, out);
    return left(*part, out);
  }
  if (!part->awaited) return;
  part->trouble = "was lost (" + why + ") and may or may not have committed";
  answered(*part, since_, out);
}

// What was decided cannot be taken back: say exactly how far it came.
void JobCore::all_committed(std::vector<Sent>& out) {
  std::string done;
  std::string trouble;
  for (const JobPart& part : parts_) {
    if (!part.takes_part) continue;
    if (part.trouble.empty()) {
      done += (done.empty() ? "" : ", ") + part.member.joined.node.name;
    } else {
      trouble += (trouble.empty() ? "" : "; ") + to_string(part.member) + " " + part.trouble;
    }
  }
  if (trouble.empty()) return end(report(Ending::complete), out);
  end(failed("the job is complete but not wholly committed: " + trouble +
                   (done.empty() ? "; no node has committed" : "; committed on " + done)),
      out);
}

void JobCore::submitter_lost(const std::string& why, std::vector<Sent>& out) {
  setup_.submitter = 0;
  if (phase_ == Phase::committing || phase_ == Phase::leaving) return;
  fail({ErrorKind::disconnected, "who submitted the job was lost: " + why}, out);
}

void JobCore::interrupt(std::vector<Sent>& out) {
  if (phase_ == Phase::running) return parts_.send_all(control::Interrupt{setup_.id}, out);
  if (phase_ == Phase::publishing || phase_ == Phase::committing || phase_ == Phase::leaving || ended()) return;
  cancel("interrupted before it started", out);
  end(report(Ending::interrupted), out);
}

Result<void> JobCore::drain_sources(std::vector<Sent>& out) {
  if (phase_ == Phase::publishing || phase_ == Phase::committing || (phase_ == Phase::running && drained_)) return {};
  if (phase_ != Phase::running) {
    return invalid("job " + std::to_string(setup_.id) + " is " + to_string(phase_) + " and has read nothing yet: cancel it, or drain it later");
  }
  drained_ = true;
  parts_.send_all(control::DrainJob{setup_.id}, out);
  return {};
}

std::vector<Member> JobCore::running_on() const {
  std::vector<Member> members;
  bool built = phase_ == Phase::running || phase_ == Phase::publishing || phase_ == Phase::committing;
  for (const JobPart& part : parts_) {
    if (built && part.takes_part) members.push_back(part.member);
  }
  return members;
}

void JobCore::fail(const Error& error, std::vector<Sent>& out) {
  if (ended() || phase_ == Phase::leaving) return;
  if (has_cuts()) return leave(error, out);
  if (phase_ == Phase::committing) {
    return end(error.and_then(", while the job was being committed: look at what is there"), out);
  }
  cancel(error.sentence, out);
  end(error, out);
}

void JobCore::cancel(const std::string& why, std::vector<Sent>& out) {
  parts_.cancel_parting(setup_.id, out);
  parts_.send_all(control::Cancel{setup_.id, why}, out);
}

void JobCore::end(std::variant<Report, Error> content, std::vector<Sent>& out) {
  assert(!ended());
  phase_ = Phase::ended;
  auto* error = std::get_if<Error>(&content);
  std::vector<LogField> fields = {{"job", std::to_string(setup_.id)}, {"graph", setup_.submit.work.program}};
  if (error) {
    if (!error->subject().stage.empty()) fields.emplace_back("stage", error->subject().stage);
    fields.emplace_back("why", error->sentence);
    setup_.log.error("job failed", fields);
  } else {
    bool complete = std::get<Report>(content).ending == Ending::complete;
    setup_.log.info(complete ? "job committed" : "job interrupted", fields);
  }
  if (setup_.submitter != 0) out.push_back({setup_.submitter, control::Outcome{std::move(content)}});
}

// What has taken too long that no answer of a node's is awaited for.
std::optional<Error> JobCore::overdue(Instant now) const {
  const std::string within = to_string(setup_.step_within);
  if (const JobPart* slow = changes_.slow(now, setup_.step_within); slow && phase_ == Phase::running) {
    return failed(to_string(slow->member) + " did not do its part of growing or shrinking a stage within " + within +
                  ": see its log");
  }
  if (phase_ == Phase::building && now - since_ > setup_.step_within) {
    return failed("the coordinator has not built graph " + setup_.submit.work.program + " within " + within +
                  ": a graph's function should read its arguments only");
  }
  bool places = awaited_ && (phase_ == Phase::placing || phase_ == Phase::running);
  if (places && now - awaited_->since > setup_.step_within) {
    return failed("the coordinator has not placed graph " + setup_.submit.work.program + " within " + within +
                  ": what its stages' kinds describe should not wait for anything");
  }
  return std::nullopt;
}

void JobCore::tick(Instant now, std::vector<Sent>& out) {
  if (std::exchange(news_, false) && phase_ == Phase::running) {
    if (setup_.submitter != 0) out.push_back({setup_.submitter, control::Underway{setup_.id, parts_.progress(), {}}});
    if (!awaited_) changes_.look();
  }
  if (auto why = overdue(now)) return fail(*why, out);
  if (phase_ == Phase::leaving) return look_who_leaves(now, out);
  bool stepping = phase_ == Phase::probing || phase_ == Phase::deploying || phase_ == Phase::committing;
  if (!stepping || now - since_ <= setup_.step_within) return;
  for (JobPart& part : parts_) {
    if (!part.awaited) continue;
    if (phase_ != Phase::committing || has_cuts()) {
      return fail(failed(to_string(part.member) + " did not end " + to_string(phase_) + " within " +
                         to_string(setup_.step_within) + ": see its log"),
                  out);
    }
    part.trouble = "did not commit within " + to_string(setup_.step_within) + " and may yet";
    part.awaited = false;
  }
  all_committed(out);
}

JobStatus JobCore::status() const {
  bool waits = phase_ == Phase::waiting || phase_ == Phase::queued;
  std::string phase = phase_ == Phase::running && drained_ ? "draining" : to_string(phase_);
  return {setup_.id, setup_.submit.work.program, phase, parts_.progress(), waits ? waits_for_ : ""};
}

Report JobCore::report(Ending ending) const {
  Report report;
  report.ending = ending;
  report.progress = parts_.progress();
  if (drained_ && ending == Ending::complete) report.warnings.emplace_back(kDrainedSentence);
  for (const JobPart& part : parts_) {
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
  assert(phase_ != Phase::committing || std::all_of(parts_.begin(), parts_.end(), [&](const JobPart& part) {
           return !part.takes_part || setup_.submit.start.work != EpochWork::run ||
                  (part.finished.job == setup_.id && part.finished.ending == Ending::complete);
         }));
}

std::string to_string(JobCore::Phase phase) {
  switch (phase) {
    case JobCore::Phase::building: return "building";
    case JobCore::Phase::waiting: return "waiting";
    case JobCore::Phase::probing: return "probing";
    case JobCore::Phase::placing: return "placing";
    case JobCore::Phase::queued: return "waiting";
    case JobCore::Phase::deploying: return "deploying";
    case JobCore::Phase::running: return "running";
    case JobCore::Phase::publishing: return "publishing";
    case JobCore::Phase::committing: return "committing";
    case JobCore::Phase::leaving: return "leaving";
    case JobCore::Phase::ended: break;
  }
  return "ended";
}

}  // namespace leat
