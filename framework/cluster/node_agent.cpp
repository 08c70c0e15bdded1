#include <leat/cluster/node_agent.hpp>

#include <leat/runtime/machine.hpp>

#include <algorithm>
#include <cstdlib>

namespace leat {
namespace {

void add_traffic(NodeCounters& counters, const NodeJob& job) {
  PeerTraffic traffic = job.traffic();
  counters.bytes_out += traffic.bytes_out;
  counters.bytes_in += traffic.bytes_in;
  counters.reconnects += traffic.reconnects;
  if (job.failed()) ++counters.jobs_failed;
}

}  // namespace

void NodeAgent::join(Instant now) {
  std::lock_guard lock(mutex_);
  const NodeOptions& node = *options_.node;
  heartbeat_ = node.timeouts.heartbeat;
  lost_after_ = node.timeouts.lost_after;
  heard_ = beaten_ = now;
  asked_ = true;
  control::Join join;
  join.identity = control::identity_of(node.identity);
  join.node = node.node;
  join.incarnation = fresh_incarnation();
  join.host = host_name();
  join.data = options_.data->endpoint();
  join.tls = node.data_tls.has_value();
  join.process_base = peak_memory();
  say(join);
}

void NodeAgent::received(const ControlBytes& bytes, Instant now) {
  auto message = control::decode(bytes);
  if (message && std::holds_alternative<control::Ask>(*message)) return answer(std::get<control::Ask>(*message), now);
  {
    std::lock_guard lock(mutex_);
    heard_ = now;
    if (over()) return;
    if (message) {
      take(*message);
    } else {
      disconnect(state_ == State::joining ? State::refused : State::lost, message.error());
    }
    if (!std::exchange(changed_, false)) return;
  }
  options_.changed();
}

// Who answers looks at this agent, too: not under its lock.
void NodeAgent::answer(const control::Ask& asked, Instant now) {
  {
    std::lock_guard lock(mutex_);
    heard_ = now;
    if (over()) return;
  }
  const auto& answer = options_.node->answer;
  control::Told told{asked.job, asked.number, answer ? answer(asked.question) : ""};
  if (options_.line->say(kCoordinator, told)) return;
  told.answer.clear();
  [[maybe_unused]] auto short_one = options_.line->say(kCoordinator, told);
}

void NodeAgent::take(const control::Message& message) {
  if (auto* welcome = std::get_if<control::Welcome>(&message); welcome && state_ == State::joining) {
    heartbeat_ = welcome->heartbeat;
    lost_after_ = welcome->lost_after;
    become(State::ready);
  } else if (auto* refused = std::get_if<control::Refused>(&message)) {
    disconnect(state_ == State::joining ? State::refused : State::lost, refused->why);
  } else if (auto* probe = std::get_if<control::Probe>(&message)) {
    job(probe->job).probe(*probe);
  } else if (auto* deploy = std::get_if<control::Deploy>(&message)) {
    job(deploy->job).deploy(*deploy);
  } else if (std::holds_alternative<control::Drain>(message)) {
    told_to_drain_ = true;
    if (state_ == State::ready) become(State::draining);
  } else if (std::holds_alternative<control::Leave>(message)) {
    become(State::left);
  } else {
    std::visit(
        [&](const auto& said) {
          using M = std::decay_t<decltype(said)>;
          if constexpr (requires { said.job; }) {
            auto at = jobs_.find(said.job);
            if (at == jobs_.end()) {
              if constexpr (std::is_same_v<M, control::Cancel>) this->say(control::Gone{said.job});
              return;
            }
            NodeJob& job = *at->second.job;
            if constexpr (std::is_same_v<M, control::Start>) job.start();
            if constexpr (std::is_same_v<M, control::Resize>) job.resize(said);
            if constexpr (std::is_same_v<M, control::GateEnded>) job.gate_ended(said.stage);
            if constexpr (std::is_same_v<M, control::Interrupt>) job.interrupt();
            if constexpr (std::is_same_v<M, control::DrainJob>) job.drain();
            if constexpr (std::is_same_v<M, control::TakeCut>) job.take_cut(said.n);
            if constexpr (std::is_same_v<M, control::CutOver>) job.cut_over(said.n, said.refused);
            if constexpr (std::is_same_v<M, control::Commit>) job.commit();
            if constexpr (std::is_same_v<M, control::Cancel>) job.cancel(said.why);
          }
        },
        message);
  }
  reap();
}

NodeJob& NodeAgent::job(control::JobId id) {
  auto found = jobs_.find(id);
  if (found != jobs_.end()) return *found->second.job;
  NodeJob::Setup setup;
  setup.id = id;
  setup.identity = options_.identity;
  setup.data = options_.data;
  setup.scheduling = options_.node->scheduling;
  setup.dead_letters = options_.node->dead_letters;
  setup.log = options_.node->log;
  setup.say = [line = options_.line](const control::Message& message) { return line->say(kCoordinator, message); };
  auto job = std::make_shared<NodeJob>(std::move(setup));
  DetachedCall thread("job " + std::to_string(id), options_.node->log, [job] { job->run(); });
  ++past_.jobs_started;
  return *jobs_.emplace(id, NodeShare{job, std::move(thread)}).first->second.job;
}

void NodeAgent::reap() {
  std::erase_if(jobs_, [&](const auto& entry) {
    if (!entry.second.job->ended()) return false;
    add_traffic(past_, *entry.second.job);
    return true;
  });
}

void NodeAgent::say(const control::Message& message) {
  if (auto ok = options_.line->say(kCoordinator, message); !ok) disconnect(State::refused, ok.error());
}

void NodeAgent::become(State state) {
  state_ = state;
  changed_ = true;
}

void NodeAgent::disconnect(State state, Error why) {
  for (auto& [id, share] : jobs_) share.job->cancel("the coordinator was lost: " + why.sentence);
  why_ = std::move(why);
  become(state);
}

void NodeAgent::gone(const std::string& why) {
  {
    std::lock_guard lock(mutex_);
    if (over()) return;
    disconnect(State::lost, {ErrorKind::disconnected, why});
    changed_ = false;
  }
  options_.changed();
}

void NodeAgent::tick(Instant now) {
  {
    std::lock_guard lock(mutex_);
    reap();
    end_if_stuck();
    if (over() || !asked_) return;
    if (now - beaten_ >= heartbeat_) {
      beaten_ = now;
      say(control::Heartbeat{});
    }
    if (now - heard_ <= lost_after_) return;
    disconnect(State::lost, {ErrorKind::disconnected, "silent for " + to_string(now - heard_)});
    changed_ = false;
  }
  options_.changed();
}

// A job that is not gone when it is to begin anew takes the process with it: nothing else frees its memory.
void NodeAgent::end_if_stuck() const {
  auto now = std::chrono::steady_clock::now();
  for (const auto& [id, share] : jobs_) {
    if (!share.job->clings(now)) continue;
    options_.node->log.error("this node ends: a job was to be dropped here and is stuck in a stage", {{"job", std::to_string(id)}});
    std::_Exit(1);
  }
}

void NodeAgent::drain() {
  std::lock_guard lock(mutex_);
  if (state_ == State::ready) say(control::Drain{});
}

NodeAgent::State NodeAgent::state() const {
  std::lock_guard lock(mutex_);
  return state_;
}

bool NodeAgent::told_to_drain() const {
  std::lock_guard lock(mutex_);
  return told_to_drain_;
}

Error NodeAgent::why() const {
  std::lock_guard lock(mutex_);
  return why_;
}

void NodeAgent::look(JobSnapshots& snapshots) const {
  std::lock_guard lock(mutex_);
  for (const auto& [id, share] : jobs_) {
    if (auto snapshot = share.job->snapshot()) snapshots.emplace_back(share.job->name(), std::move(*snapshot));
  }
}

std::vector<std::shared_ptr<NodeJob>> NodeAgent::jobs() const {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<NodeJob>> jobs;
  for (const auto& [id, share] : jobs_) jobs.push_back(share.job);
  return jobs;
}

void NodeAgent::count(NodeCounters& counters) const {
  std::lock_guard lock(mutex_);
  counters.jobs_started += past_.jobs_started;
  counters.jobs_failed += past_.jobs_failed;
  counters.bytes_out += past_.bytes_out;
  counters.bytes_in += past_.bytes_in;
  counters.reconnects += past_.reconnects;
  for (const auto& [id, share] : jobs_) {
    add_traffic(counters, *share.job);
    if (!share.job->ended()) counters.running.emplace_back(share.job->name(), share.job->progress());
  }
}

std::vector<NodeShare> NodeAgent::take_jobs() {
  std::lock_guard lock(mutex_);
  std::vector<NodeShare> jobs;
  for (auto& [id, share] : jobs_) {
    share.job->cancel("this node is leaving");
    add_traffic(past_, *share.job);
    jobs.push_back(std::move(share));
  }
  jobs_.clear();
  return jobs;
}

}  // namespace leat
