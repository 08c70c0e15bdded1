#include <leat/cluster/listening_clock.hpp>
#include <leat/cluster/node_agent.hpp>
#include <leat/cluster/transport.hpp>

#include <algorithm>
#include <cstdlib>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace leat {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{250};

// Joins, serves, and joins again with a new agent when the coordinator was lost.
class PlaneNode final : public ClusterNode {
 public:
  PlaneNode(NodeOptions options, Transport transport, std::unique_ptr<DataPlane> data)
      : options_(std::move(options)),
        identity_(std::make_shared<const ProgramIdentity>(options_.identity)),
        transport_(std::move(transport)),
        data_(std::move(data)),
        on_drain_(options_.drain, [this] { nudge(); }),
        on_leave_(options_.leave, [this] { nudge(); }),
        thread_([this] { serve(); }) {}

  ~PlaneNode() override {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Result<void> wait() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return result_.has_value(); });
    return *result_;
  }

  NodeCounters counters() const override {
    std::lock_guard lock(mutex_);
    NodeCounters counters = past_;
    if (agent_) agent_->count(counters);
    return counters;
  }

  JobSnapshots snapshots() const override {
    std::lock_guard lock(mutex_);
    JobSnapshots snapshots;
    if (agent_) agent_->look(snapshots);
    for (const NodeShare& share : jobs_) {
      if (auto snapshot = share.job->snapshot()) snapshots.emplace_back(share.job->name(), std::move(*snapshot));
    }
    return snapshots;
  }

  Result<std::shared_ptr<Tap>> tap(const std::string& job, const std::string& place, std::size_t rows,
                                   Tap::Reader reader) const override {
    std::vector<std::shared_ptr<NodeJob>> jobs;
    {
      std::lock_guard lock(mutex_);
      if (agent_) jobs = agent_->jobs();
    }
    for (const auto& each : jobs) {
      if (each->name() == job || (job.empty() && jobs.size() == 1)) return each->tap(place, rows, std::move(reader));
    }
    std::string all;
    for (const auto& each : jobs) all += (all.empty() ? "" : ", ") + each->name();
    if (jobs.empty()) return invalid("this node works for no job now");
    return invalid("this node has several jobs, or none called so: say one of " + all);
  }

 private:
  using Clock = std::chrono::steady_clock;
  using State = NodeAgent::State;

  void serve() {
    Result<void> result;
    auto until = Clock::now() + options_.join_within;
    // A name may be taken by one that is lost and not yet known to be.
    auto taken_until = Clock::now() + 2 * options_.timeouts.lost_after;
    while (!leaving()) {
      report(NodeState::joining);
      auto line = std::make_shared<ControlSender>();
      result = connect(line);
      bool member = false;
      if (result) {
        result = stay(member);
        // Else the coordinator sees a connection that has closed, as when a process dies.
        if (result && leaving()) [[maybe_unused]] auto told = line->say(kCoordinator, control::Leaving{"it was told to leave at once"});
        line->detach();
        retire();
        if (result) break;
        wait_for_dropped();
      }
      if (result.error().kind == ErrorKind::invalid || leaving()) break;
      if (member && !options_.rejoin) break;
      if (member) {
        until = Clock::now() + options_.join_within;
        taken_until = Clock::now() + 2 * options_.timeouts.lost_after;
      }
      bool taken = result.error().kind == ErrorKind::overloaded;
      if (Clock::now() >= (taken ? std::min(until, taken_until) : until)) break;
      pause();
    }
    if (leaving()) result = {};
    end_jobs();
    std::lock_guard lock(mutex_);
    result_ = std::move(result);
    changed_.notify_all();
  }

  // Jobs that go on elsewhere are gone from here before this node takes another: one that is stuck takes the process along.
  void wait_for_dropped() {
    for (NodeShare& share : jobs_) {
      if (share.job->committing()) continue;
      while (!share.job->ended() && share.job->has_checkpoints() && !leaving()) {
        share.thread.wait_until(Clock::now() + kBetweenTries);
        if (!share.job->clings(Clock::now())) continue;
        options_.log.error("this node ends: a job was to be dropped here and is stuck in a stage");
        std::_Exit(1);
      }
    }
  }

  // What was told to commit gets the time it was promised; of the rest nothing counts any more.
  void end_jobs() {
    auto now = Clock::now();
    for (NodeShare& share : jobs_) {
      share.thread.wait_until(now + (share.job->committing() ? options_.timeouts.step_within : DetachedCall::kGrace));
    }
    jobs_.clear();
  }

  Result<void> connect(const std::shared_ptr<ControlSender>& line) {
    NodeAgent::Options options{&options_, identity_, data_, line, [this] { nudge(); }};
    auto agent = std::make_shared<NodeAgent>(std::move(options));
    auto clock = std::make_shared<ListeningClock>(options_.timeouts.lost_after);
    ControlEvents events;
    events.joined = [](PeerId) {};
    events.message = [agent, clock](PeerId, const ControlBytes& bytes) { agent->received(bytes, clock->at(instant())); };
    events.gone = [agent](PeerId, const std::string& why) { agent->gone(why); };
    events.tick = [agent, clock] { agent->tick(clock->at(instant())); };
    ControlOptions control;
    control.at = options_.coordinator;
    control.credentials = options_.credentials;
    control.log = options_.log;
    {
      std::lock_guard lock(mutex_);
      agent_ = agent;
    }
    auto plane = transport_.connect(std::move(control), std::move(events));
    if (!plane) {
      retire();
      return std::move(plane).error();
    }
    line->attach(std::move(*plane));
    agent->join(clock->at(instant()));
    return {};
  }

  // Until the agent is no member any more. Success: it may go for good.
  Result<void> stay(bool& member) {
    State told = State::joining;
    while (true) {
      State state = agent_->state();
      if (state == State::ready || state == State::draining) member = true;
      if (std::exchange(told, state) != state) tell(state);
      if (state == State::left) return {};
      if (state == State::refused) return agent_->why();
      if (state == State::lost) {
        Error why = agent_->why();
        why.sentence = "the coordinator " + to_string(options_.coordinator) + " was lost: " + why.sentence;
        options_.log.error("coordinator lost", {{"coordinator", to_string(options_.coordinator)}, {"why", agent_->why().sentence}});
        why.kind = ErrorKind::disconnected;
        return why;
      }
      if (leaving()) return {};
      if (options_.drain.stop_requested() && state == State::ready) agent_->drain();
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::seconds(1), [&] { return std::exchange(nudged_, false) || closing_; });
      std::erase_if(jobs_, [](const NodeShare& share) { return share.job->ended(); });
    }
  }

  void tell(State state) {
    if (state == State::ready) report(NodeState::ready);
    if (state == State::draining) report(NodeState::draining);
    if (state == State::ready) options_.log.info("joined", {{"coordinator", to_string(options_.coordinator)}});
  }

  void report(NodeState state) const {
    if (options_.on_state) options_.on_state(state, data_->endpoint());
  }

  // Its jobs stop in their own time.
  void retire() {
    std::lock_guard lock(mutex_);
    drained_ = drained_ || agent_->told_to_drain();
    for (NodeShare& share : agent_->take_jobs()) jobs_.push_back(std::move(share));
    agent_->count(past_);
    agent_.reset();
  }

  void pause() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kBetweenTries, [&] { return closing_ || stopping(); });
  }

  bool stopping() const {
    bool outside = !agent_ && (drained_ || options_.drain.stop_requested());
    return options_.leave.stop_requested() || outside;
  }

  bool leaving() const {
    std::lock_guard lock(mutex_);
    return closing_ || stopping();
  }

  void nudge() {
    {
      std::lock_guard lock(mutex_);
      nudged_ = true;
    }
    changed_.notify_all();
  }

  NodeOptions options_;
  std::shared_ptr<const ProgramIdentity> identity_;
  Transport transport_;
  std::shared_ptr<DataPlane> data_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<NodeAgent> agent_;
  std::list<NodeShare> jobs_;  // of agents that are gone
  NodeCounters past_;
  bool nudged_ = false;
  bool drained_ = false;  // by a coordinator, that may be lost since
  bool closing_ = false;
  std::optional<Result<void>> result_;
  std::stop_callback<std::function<void()>> on_drain_;
  std::stop_callback<std::function<void()>> on_leave_;
  std::thread thread_;  // last: uses all of the above
};

bool means_any_address(const std::string& host) { return host == "0.0.0.0" || host == "::" || host.empty(); }

}  // namespace

Result<std::unique_ptr<ClusterNode>> open_node(NodeOptions options, Transport transport) {
  if (means_any_address(options.data.host)) {
    return invalid("the data address " + to_string(options.data) +
                   " says nothing to other nodes: give an address of this machine");
  }
  if (options.node.name.empty()) return invalid("this node has no name: give it one");
  // As its coordinator will read it.
  control::Join join;
  join.identity = control::identity_of(options.identity);
  join.node = options.node;
  join.data = options.coordinator;
  if (auto told = control::encode(join); !told) return std::move(told).error();
  DataPlane::Options data;
  data.listen = options.data;
  data.tls = options.data_tls;
  data.log = options.log;
  auto plane = DataPlane::open(std::move(data));
  if (!plane) return std::move(plane).error();
  return std::unique_ptr<ClusterNode>(
      std::make_unique<PlaneNode>(std::move(options), std::move(transport), std::move(*plane)));
}

}  // namespace leat
