#include <leat/cluster/coordinator_core.hpp>

#include <algorithm>

namespace leat {
namespace {

constexpr std::size_t kMostJobs = 64;
// A refused peer has this long to read why, before its connection is closed.
constexpr std::chrono::milliseconds kFarewell{1000};

std::string silence(std::chrono::milliseconds time) { return "silent for " + to_string(time); }

template <class T>
const T* as(const control::Message& message) {
  return std::get_if<T>(&message);
}

// The job that a message is about; 0 for none.
control::JobId subject_of(const control::Message& message) {
  return std::visit(
      [](const auto& said) -> control::JobId {
        if constexpr (requires { said.job; }) return said.job;
        return 0;
      },
      message);
}

Error misplaced() {
  return corrupt("said what has no place here: run the same version of leat everywhere");
}

}  // namespace

void CoordinatorCore::connected(PeerId peer, Instant now) { visitors_[peer] = {Role::stranger, now}; }

void CoordinatorCore::received(PeerId peer, const Result<control::Message>& message, Instant now) {
  auto found = visitors_.find(peer);
  if (found == visitors_.end() || found->second.role == Role::parted) return;
  Visitor& visitor = found->second;
  visitor.heard = now;
  membership_.heard(peer, now);
  if (!message) {
    refuse(peer, message.error(), now);
  } else if (!as<control::Heartbeat>(*message)) {
    switch (visitor.role) {
      case Role::stranger:
      case Role::asker: stranger(peer, *message, now); break;
      case Role::node: of_node(peer, *message, now); break;
      case Role::submitter: of_submitter(peer, *message, now); break;
      case Role::parted: break;
    }
  }
  settle(now);
}

void CoordinatorCore::stranger(PeerId peer, const control::Message& message, Instant now) {
  if (auto* said = as<control::AskStatus>(message)) return ask(peer, said->identity, "");
  if (auto* said = as<control::Drain>(message)) return ask(peer, said->identity, said->node);
  bool asks = visitors_.at(peer).role == Role::asker;
  bool of_one = as<control::Interrupt>(message) || as<control::DrainJob>(message) || as<control::Ask>(message);
  if (asks && of_one) return of_job(peer, subject_of(message), message, now);
  bool fresh = visitors_.at(peer).role == Role::stranger;
  if (auto* said = as<control::Join>(message); said && fresh) return join(peer, *said, now);
  if (auto* said = as<control::Submit>(message); said && fresh) return submit(peer, *said, now);
  refuse(peer, misplaced(), now);
}

void CoordinatorCore::join(PeerId peer, const control::Join& join, Instant now) {
  if (auto other = difference(join.identity); !other.there.empty()) {
    return refuse(peer, invalid(other.there), now, "node " + join.node.name + " runs " + other.here);
  }
  if (auto ok = membership_.join(peer, join, now); !ok) return refuse(peer, ok.error(), now);
  visitors_.at(peer).role = Role::node;
  options_.log.info("node joined", {{"node", join.node.name}, {"data", to_string(join.data)}, {"host", join.host},
                                    {"cpus", std::to_string(join.node.cpus)}});
  send(peer, control::Welcome{options_.timeouts.heartbeat, options_.timeouts.lost_after});
}

void CoordinatorCore::submit(PeerId peer, const control::Submit& submit, Instant now) {
  visitors_.at(peer).role = Role::submitter;
  auto no = [&](const Error& error, const std::string& here = "") {
    const std::string& why = here.empty() ? error.sentence : here;
    options_.log.warning("job refused", {{"graph", submit.work.program}, {"why", why}});
    send(peer, control::Outcome{error});
  };
  if (draining_) return no(overloaded("the coordinator takes no new jobs: it is being drained"));
  const std::string most = std::to_string(kMostJobs);
  if (jobs_.size() >= kMostJobs) return no(overloaded("the coordinator has " + most + " jobs: wait until one has ended"));
  if (calls_aside_ >= kMostJobs) {
    return no(overloaded("the coordinator still builds or places " + most + " graphs: wait until one is done"));
  }
  if (auto other = difference(submit.identity); !other.there.empty()) {
    return no(invalid(other.there), "who submits it runs " + other.here);
  }
  control::JobId id = ++last_job_;
  JobCore::Setup setup{id, peer, submit, options_.timeouts.step_within, options_.token(), options_.log,
                       &memory_, &files_};
  jobs_[id] = std::make_unique<JobCore>(std::move(setup), now);
  options_.log.info("job submitted", {{"job", std::to_string(id)}, {"graph", submit.work.program},
                                      {"host", submit.host}});
  effects_.builds.push_back({id, submit.work});
  ++calls_aside_;
}

// Whose job has ended may submit another: the next epoch of one with checkpoints.
void CoordinatorCore::of_submitter(PeerId peer, const control::Message& message, Instant now) {
  auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& entry) { return entry.second->submitter() == peer; });
  JobCore* job = found == jobs_.end() ? nullptr : found->second.get();
  if (auto* said = as<control::Submit>(message); said && !job) return submit(peer, *said, now);
  bool known = as<control::Interrupt>(message) || as<control::TakeCut>(message) || as<control::CutOver>(message);
  if (!known) return refuse(peer, misplaced(), now);
  if (!job) return;
  if (auto* cut = as<control::TakeCut>(message)) {
    job->take_cut(cut->n, effects_.messages);
  } else if (auto* over = as<control::CutOver>(message)) {
    job->cut_over(*over, now, effects_.messages);
  } else {
    job->interrupt(effects_.messages);
  }
}

void CoordinatorCore::graph_built(control::JobId job, Result<std::unique_ptr<JobGraph>> job_graph, Instant now) {
  --calls_aside_;
  auto found = jobs_.find(job);
  if (found != jobs_.end() && found->second->phase() == JobCore::Phase::building) {
    found->second->graph_built(std::move(job_graph), now, effects_.messages);
  } else if (job_graph) {
    retire(std::move(*job_graph));
  }
  settle(now);
}

void CoordinatorCore::placed(control::JobId job, Result<PlacedJob> placed, Instant now) {
  --calls_aside_;
  auto found = jobs_.find(job);
  if (found != jobs_.end()) found->second->placed(std::move(placed), now, effects_.messages);
  settle(now);
}

void CoordinatorCore::retire(std::shared_ptr<const JobGraph> job_graph) {
  if (!job_graph) return;
  effects_.retired.push_back(std::move(job_graph));
  ++calls_aside_;
}

void CoordinatorCore::ask(PeerId peer, const control::Identity& identity, const std::string& drained) {
  visitors_.at(peer).role = Role::asker;
  if (auto other = difference(identity); !other.there.empty()) {
    return send(peer, control::Refused{invalid(other.there)});
  }
  if (!drained.empty()) {
    const Member* member = membership_.find(drained);
    if (!member) {
      std::string names;
      for (const Member& each : membership_.members()) names += (names.empty() ? "" : ", ") + each.joined.node.name;
      return send(peer, control::Refused{invalid("there is no node " + drained + ": there are " +
                                                 (names.empty() ? "none" : names))});
    }
    drain_member(*member);
  }
  send(peer, status());
}

void CoordinatorCore::of_job(PeerId peer, control::JobId id, const control::Message& message, Instant now) {
  if (auto* asked = as<control::Ask>(message); asked && ask_nodes(peer, *asked, now)) return;
  auto found = jobs_.find(id);
  if (found == jobs_.end()) {
    std::string all;
    for (const auto& [each, job] : jobs_) all += (all.empty() ? "" : ", ") + std::to_string(each);
    return send(peer, control::Refused{invalid("there is no job " + std::to_string(id) + ": there are " + (all.empty() ? "none" : all))});
  }
  JobCore& job = *found->second;
  Result<void> done;
  bool drains = as<control::DrainJob>(message);
  drains ? void(done = job.drain_sources(effects_.messages)) : job.interrupt(effects_.messages);
  if (!done) return send(peer, control::Refused{done.error()});
  options_.log.info(drains ? "job drained" : "job cancelled", {{"job", std::to_string(id)}});
  send(peer, status());
}

// What the coordinator has an answer to itself, as its log, is told of a job that has ended, too, by all members.
bool CoordinatorCore::ask_nodes(PeerId peer, const control::Ask& asked, Instant now) {
  auto job = jobs_.find(asked.job);
  std::string own = options_.answer ? options_.answer(asked.question) : "";
  bool ended = job == jobs_.end() && asked.job > 0 && asked.job <= last_job_;
  if (job == jobs_.end() && (!ended || own.empty())) return false;
  auto nodes = ended ? membership_.members() : job->second->running_on();
  for (Member& node : nodes) {
    if (const Member* member = membership_.find(node.peer)) node.heard = member->heard;
  }
  if (auto done = pending_.ask(peer, asked, nodes, now, effects_.messages, own); !done) {
    send(peer, control::Refused{done.error()});
  }
  return true;
}

void CoordinatorCore::drain_member(const Member& member) {
  if (member.draining) return;
  options_.log.info("node drains", {{"node", member.joined.node.name}});
  send(member.peer, control::Drain{member.joined.node.name, {}});
  for (auto& [id, job] : jobs_) job->drain(member.peer);
  membership_.drain(member.peer);
}

void CoordinatorCore::of_node(PeerId peer, const control::Message& message, Instant now) {
  if (auto* said = as<control::Drain>(message); said && said->node.empty()) {
    return drain_member(*membership_.find(peer));
  }
  if (auto* said = as<control::Leaving>(message)) {
    lose(*membership_.find(peer), said->why);
    return part(peer, now);
  }
  if (auto* said = as<control::Told>(message)) return pending_.told(peer, *said, effects_.messages);
  control::JobId id = control::is_of_job(message) ? subject_of(message) : 0;
  if (id == 0) return refuse(peer, misplaced(), now);
  // Of a job that has ended, or that this node has no part in any more: late, not wrong.
  auto job = jobs_.find(id);
  if (job != jobs_.end()) job->second->received(peer, message, now, effects_.messages);
}

void CoordinatorCore::gone(PeerId peer, const std::string& why, Instant now) {
  auto found = visitors_.find(peer);
  if (found == visitors_.end()) return;
  Visitor visitor = found->second;
  visitors_.erase(found);
  pending_.gone(peer, effects_.messages);
  if (visitor.role == Role::node) lose(*membership_.find(peer), why);
  if (visitor.role == Role::submitter) {
    for (auto& [id, job] : jobs_) {
      if (job->submitter() == peer) job->submitter_lost(why, effects_.messages);
    }
  }
  settle(now);
}

void CoordinatorCore::lose(Member member, const std::string& why) {
  membership_.leave(member.peer);
  bool held = false;
  for (auto& [id, job] : jobs_) {
    held = held || job->uses(member.peer);
    job->lost(member.peer, why, effects_.messages);
  }
  std::vector<LogField> fields = {{"node", member.joined.node.name}, {"data", to_string(member.joined.data)}, {"why", why}};
  held ? options_.log.error("node lost", fields) : options_.log.warning("node gone", fields);
}

CoordinatorCore::Difference CoordinatorCore::difference(const control::Identity& theirs) const {
  const control::Identity& ours = options_.identity;
  std::string there = control::difference(theirs, ours, "this program", "the coordinator's");
  if (there.empty()) return {};
  const char* what = ours.lines == theirs.lines ? "another build" : "another program";
  const std::string advice = ": run the same program everywhere";
  return {"this is " + std::string(what) + " than the coordinator's: " + there + advice,
          what + (": " + control::difference(ours, theirs, "this program", "that one")) + advice};
}

void CoordinatorCore::refuse(PeerId peer, const Error& why, Instant now, const std::string& here) {
  options_.log.warning("refused", {{"peer", name_of(peer)}, {"why", here.empty() ? why.sentence : here}});
  Role role = visitors_.at(peer).role;
  if (role == Role::node) {
    if (const Member* member = membership_.find(peer)) lose(*member, why.sentence);
  }
  if (role == Role::submitter) {
    for (auto& [id, job] : jobs_) {
      if (job->submitter() == peer) job->submitter_lost(why.sentence, effects_.messages);
    }
  }
  send(peer, control::Refused{why});
  part(peer, now);
}

void CoordinatorCore::part(PeerId peer, Instant now) {
  visitors_.at(peer) = {Role::parted, now};
  pending_.gone(peer, effects_.messages);
}

std::string CoordinatorCore::name_of(PeerId peer) const {
  const Member* member = membership_.find(peer);
  return member ? to_string(*member) : "connection " + std::to_string(peer);
}

void CoordinatorCore::tick(Instant now) {
  if (now - beaten_ >= options_.timeouts.heartbeat) {
    beaten_ = now;
    for (const auto& [peer, visitor] : visitors_) {
      if (visitor.role != Role::parted) send(peer, control::Heartbeat{});
    }
  }
  silences(now);
  for (auto& [id, job] : jobs_) job->tick(now, effects_.messages);
  pending_.tick(now, effects_.messages);
  settle(now);
}

void CoordinatorCore::silences(Instant now) {
  for (const Member& member : membership_.silent(now)) {
    refuse(member.peer, {ErrorKind::disconnected, silence(now - member.heard)}, now);
  }
  auto visitors = visitors_;
  for (const auto& [peer, visitor] : visitors) {
    if (visitor.role == Role::parted && now - visitor.heard > kFarewell) {
      effects_.drops.push_back(peer);
      visitors_.erase(peer);
    } else if (visitor.role != Role::parted && visitor.role != Role::node &&
               now - visitor.heard > options_.timeouts.lost_after) {
      refuse(peer, {ErrorKind::disconnected, silence(now - visitor.heard)}, now);
    }
  }
}

void CoordinatorCore::settle(Instant now) {
  for (auto& [id, job] : jobs_) {
    if (job->phase() == JobCore::Phase::waiting) {
      job->place(membership_.available(job->host()), now, effects_.messages);
    }
  }
  forget_ended();
  // In the order they were submitted in.
  memory_.forget_claims();
  for (auto& [id, job] : jobs_) job->admit(now, effects_.messages);
  bool given_back = memory_.given_back();
  for (auto& [id, job] : jobs_) {
    if (job->phase() != JobCore::Phase::running) continue;
    if (given_back) job->memory_given_back();
    for (const Member& member : membership_.members()) {
      if (!member.draining) job->offer(member);
    }
    job->change_pools(now, effects_.messages);
  }
  for (auto& [id, job] : jobs_) {
    auto placing = job->take_placing();
    if (!placing) continue;
    effects_.placings.push_back(std::move(*placing));
    ++calls_aside_;
  }
  let_go(now);
}

void CoordinatorCore::forget_ended() {
  for (auto& [id, job] : jobs_) {
    if (!job->ended()) continue;
    retire(job->take_job_graph());
    memory_.release(id);
    files_.release(id);
  }
  std::erase_if(jobs_, [](const auto& entry) { return entry.second->ended(); });
}

void CoordinatorCore::let_go(Instant now) {
  std::vector<PeerId> free;
  for (const Member& member : membership_.members()) {
    bool held = std::any_of(jobs_.begin(), jobs_.end(),
                            [&](const auto& entry) { return entry.second->uses(member.peer); });
    if (member.draining && !held) free.push_back(member.peer);
  }
  for (PeerId peer : free) {
    options_.log.info("node left", {{"node", membership_.find(peer)->joined.node.name}});
    send(peer, control::Leave{});
    membership_.leave(peer);
    part(peer, now);
  }
}

void CoordinatorCore::unsaid(const Sent& sent, const Error& why, Instant now) {
  if (control::JobId id = subject_of(sent.message); id != 0) {
    // It may have failed already, by what another node could not be told.
    if (auto job = jobs_.find(id); job != jobs_.end()) job->second->fail(why, effects_.messages);
    return settle(now);
  }
  if (as<control::Outcome>(sent.message)) return send(sent.to, control::Outcome{why});
  if (visitors_.count(sent.to) > 0) refuse(sent.to, why, now);
}

void CoordinatorCore::close(const std::string& why) {
  drain();
  for (auto& [id, job] : jobs_) {
    job->fail({ErrorKind::disconnected, why}, effects_.messages);
    retire(job->take_job_graph());
  }
  jobs_.clear();
}

ClusterStatus CoordinatorCore::status() const {
  ClusterStatus status;
  for (const Member& member : membership_.members()) {
    status.members.push_back({member.joined.node, member.joined.data, member.draining});
  }
  for (const auto& [id, job] : jobs_) {
    status.jobs.push_back(job->status());
    // Of 64 jobs too much to tell.
    status.jobs.back().progress.stages.clear();
  }
  return status;
}

}  // namespace leat
