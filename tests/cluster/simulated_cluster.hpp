/// A coordinator's core with simulated nodes and submitters, a network that delays and loses, and a clock
/// that moves only when told. One thread; a seed replays exactly.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <leat/cluster/coordinator_core.hpp>

#include "cluster/sample_job_graphs.hpp"

namespace leat::testing {

using control::JobId;

/// How many seeds to simulate of those that a case has in the suite: LEAT_SEEDS times as many where that is set.
inline unsigned seeds(unsigned in_the_suite) {
  const char* times = std::getenv("LEAT_SEEDS");
  return in_the_suite * (times ? static_cast<unsigned>(std::atoi(times)) : 1);
}

/// What one node knows of its jobs: what a NodeAgent would do, without doing it.
struct SimulatedNode {
  enum class State { probed, built, running, finished, failed };
  // What it knows of an elastic job's pool.
  struct Known {
    NodeId me = 0;
    std::size_t placed = 0;
    std::vector<PoolChange> changes;
    bool growing = false;   // prepared, and not yet told what becomes of it
    bool received = false;
  };
  std::string name;
  std::map<JobId, State> jobs;
  std::map<JobId, Known> known;
  std::set<JobId> committed;
  bool alive = true;
  bool stopped = false;  // neither hears nor speaks; may go on later
  std::set<std::size_t> fails_at;  // indices of Message: answers Failed to these
};

struct SimulatedSubmitter {
  std::vector<control::Outcome> outcomes;
  std::vector<Error> refused;
  std::vector<std::string> waits;  // what it was told that its job waits for
  bool alive = true;
};

class SimulatedCluster {
 public:
  explicit SimulatedCluster(unsigned seed, JobGraphFactory factory = nullptr)
      : random_(seed), factory_(std::move(factory)) {
    if (!factory_) {
      factory_ = [](const control::Work&) -> Result<std::unique_ptr<JobGraph>> {
        return std::unique_ptr<JobGraph>(std::make_unique<SampleJobGraph>());
      };
    }
    CoordinatorCore::Options options;
    options.identity = {"build", {"graph g"}};
    options.timeouts = timeouts;
    options.token = [] { return std::string(32, 't'); };
    core = std::make_unique<CoordinatorCore>(std::move(options));
  }

  /// Jobs run until end_jobs(), on an ElasticJobGraph.
  void make_endless() { endless_ = true; }
  void end_jobs() {
    endless_ = false;
    for (auto& [peer, node] : nodes) {
      for (auto& [job, state] : node.jobs) if (state == SimulatedNode::State::running) finishing_.emplace(peer, job);
    }
  }

  PeerId add_node(const std::string& name, const std::string& host = "h", std::uint64_t memory = 0) {
    PeerId peer = ++last_;
    nodes[peer].name = name;
    core->connected(peer, now);
    control::Join join;
    join.identity = {"build", {"graph g"}};
    join.node.name = name;
    join.node.cpus = 2;
    join.node.memory = memory;
    join.incarnation = {peer, 7};
    join.host = host;
    join.data = {"127.0.0.1", static_cast<std::uint16_t>(4710 + peer)};
    say(peer, join);
    return peer;
  }

  /// `folder`: of a job with checkpoints.
  PeerId add_submitter(std::uint32_t wanted, const std::string& build = "build", const std::string& folder = "") {
    PeerId peer = ++last_;
    submitters[peer];
    core->connected(peer, now);
    control::Submit submit;
    submit.identity = {build, {"graph g"}};
    submit.work.program = "g";
    submit.nodes = wanted;
    submit.nodes_within = std::chrono::milliseconds(2000);
    submit.host = "h";
    submit.start.folder = folder;
    say(peer, submit);
    return peer;
  }

  void say(PeerId from, control::Message message) { up_[from].push_back(std::move(message)); }

  /// Its process is gone, and what was under way from it may be too.
  void kill(PeerId peer) {
    alive(peer) = false;
    if (random_() % 2) up_[peer].clear();
    down_[peer].clear();
    leaving_.insert(peer);
  }

  /// Delivers one message of one connection, in the order sent there, or ends a build or a placing; false when there is
  /// nothing to do.
  bool step() {
    std::vector<std::pair<PeerId, bool>> ready;
    for (auto& [peer, queue] : up_) if (!queue.empty() && !still(peer)) ready.emplace_back(peer, true);
    for (auto& [peer, queue] : down_) if (!queue.empty() && !still(peer)) ready.emplace_back(peer, false);
    for (PeerId peer : leaving_) if (up_[peer].empty()) ready.emplace_back(peer, true);
    if (!builds_.empty() && builders_work) ready.emplace_back(kCoordinator, true);
    if (!placings_.empty()) ready.emplace_back(kCoordinator, false);
    std::erase_if(finishing_, [this](const auto& each) { return !runs(each.first, each.second); });
    std::vector<std::pair<PeerId, JobId>> ending;
    for (const auto& each : finishing_) if (!still(each.first)) ending.push_back(each);
    if (!ending.empty() && random_() % (ready.size() + ending.size()) < ending.size()) {
      auto [peer, job] = ending[random_() % ending.size()];
      finish(peer, job, Ending::complete);
      ++steps;
      return true;
    }
    if (ready.empty()) return false;
    auto [peer, up] = ready[random_() % ready.size()];
    if (peer == kCoordinator && !up) {
      auto placing = std::move(placings_.front());
      placings_.pop_front();
      auto placed = place(placing);
      if (placed) own_[placing.job] = placed->bounds.at(0).terms.at(1).bytes;
      core->placed(placing.job, std::move(placed), now);
    } else if (peer == kCoordinator) {
      auto build = std::move(builds_.front());
      builds_.pop_front();
      core->graph_built(build.job, factory_(build.work), now);
    } else if (up && up_[peer].empty()) {
      leaving_.erase(peer);
      core->gone(peer, "connection reset", now);
    } else if (up) {
      auto message = control::decode(*control::encode(up_[peer].front()));
      up_[peer].pop_front();
      core->received(peer, message, now);
    } else {
      control::Message message = std::move(down_[peer].front());
      down_[peer].pop_front();
      hear(peer, message);
    }
    collect();
    ++steps;
    return true;
  }

  /// Time passes: everyone who can says a heartbeat.
  void pass(std::chrono::milliseconds time) {
    now += time;
    for (auto& [peer, node] : nodes) if (node.alive && !node.stopped) say(peer, control::Heartbeat{});
    for (auto& [peer, submitter] : submitters) if (submitter.alive) say(peer, control::Heartbeat{});
    while (step()) {}
    core->tick(now);
    collect();
  }

  /// Runs until nothing happens any more, and long enough for every deadline.
  void settle() {
    while (step()) {}
    for (int i = 0; i < 400; ++i) pass(std::chrono::milliseconds(100));
  }

  /// What a job needs on a node beside the process.
  std::uint64_t own(JobId job) const { return own_.at(job); }

  std::size_t running_anywhere() const {
    std::size_t count = 0;
    for (const auto& [peer, node] : nodes) if (node.alive && !node.stopped) count += node.jobs.size();
    return count;
  }

  Timeouts timeouts{};
  Instant now{0};
  std::unique_ptr<CoordinatorCore> core;
  std::map<PeerId, SimulatedNode> nodes;
  std::map<PeerId, SimulatedSubmitter> submitters;
  std::map<JobId, std::set<PeerId>> deployed;
  std::vector<JobId> order;  // in which jobs were deployed
  std::map<JobId, std::set<PeerId>> finished;  // completely, as the coordinator was told
  std::map<JobId, std::set<PeerId>> told_to_commit;
  std::map<JobId, std::set<PeerId>> parted;  // went before the job's end
  std::set<PeerId> left;
  std::set<PeerId> dropped;
  std::size_t steps = 0;
  bool builders_work = true;      // false: a user's function that does not return
  std::set<JobId> never_placed;   // the same, of jobs that are being placed

 private:
  bool& alive(PeerId peer) { return nodes.count(peer) ? nodes[peer].alive : submitters[peer].alive; }
  bool runs(PeerId peer, JobId job) {
    auto found = nodes[peer].jobs.find(job);
    return nodes[peer].alive && found != nodes[peer].jobs.end() && found->second == SimulatedNode::State::running;
  }
  bool still(PeerId peer) { return nodes.count(peer) && nodes[peer].stopped; }

  void collect() {
    auto effects = core->take();
    for (Sent& sent : effects.messages) {
      if (auto told = control::encode(sent.message); !told) {
        core->unsaid(sent, told.error(), now);
        continue;
      }
      if (auto* deploy = std::get_if<control::Deploy>(&sent.message)) {
        if (!deployed.count(deploy->job)) order.push_back(deploy->job);
        deployed[deploy->job].insert(sent.to);
      }
      if (auto* commit = std::get_if<control::Commit>(&sent.message)) {
        told_to_commit[commit->job].insert(sent.to);
        // The invariant of the two-step commit.
        BOOST_TEST((finished[commit->job] == deployed[commit->job]), "commit before all have finished");
        BOOST_TEST(parted[commit->job].count(sent.to) == 0u, "a node that has left the job is told to commit");
      }
      bool known = nodes.count(sent.to) || submitters.count(sent.to);
      if (known && alive(sent.to)) down_[sent.to].push_back(std::move(sent.message));
    }
    for (auto& build : effects.builds) builds_.push_back(std::move(build));
    for (auto& placing : effects.placings) {
      if (!never_placed.count(placing.job)) placings_.push_back(std::move(placing));
    }
    for (auto& job_graph : effects.retired) {
      job_graph.reset();
      core->retired();
    }
    for (PeerId peer : effects.drops) {
      dropped.insert(peer);
      up_[peer].clear();
      leaving_.erase(peer);
    }
    if (!effects.empty()) collect();
  }

  void hear(PeerId peer, const control::Message& message) {
    if (submitters.count(peer)) {
      if (auto* outcome = std::get_if<control::Outcome>(&message)) submitters[peer].outcomes.push_back(*outcome);
      if (auto* said = std::get_if<control::Underway>(&message); said && !said->waits.empty()) {
        submitters[peer].waits.push_back(said->waits);
      }
      if (auto* refused = std::get_if<control::Refused>(&message)) submitters[peer].refused.push_back(refused->why);
      return;
    }
    SimulatedNode& node = nodes[peer];
    using State = SimulatedNode::State;
    JobId job = 0;
    auto fails = [&] {
      if (!node.fails_at.count(message.index())) return false;
      node.jobs[job] = State::failed;
      say(peer, control::Failed{job, failed("stage map: broken")});
      return true;
    };
    if (auto* said = std::get_if<control::Probe>(&message)) {
      node.jobs[job = said->job] = State::probed;
      if (!fails()) say(peer, control::Probed{job, {{0, Description{}}}});
    } else if (auto* said = std::get_if<control::Deploy>(&message)) {
      node.jobs[job = said->job] = State::built;
      node.known[job] = {said->me, said->placed, said->changes};
      if (endless_) BOOST_TEST(said->placement == ElasticJobGraph::digest(said->placed, said->changes));
      if (!fails()) say(peer, control::Built{job});
    } else if (auto* said = std::get_if<control::Start>(&message)) {
      job = said->job;
      node.jobs[job] = State::running;
      if (fails()) return;
      say(peer, control::GateEnded{job, 0});
      say(peer, control::Underway{job, {}, {}});
      if (endless_) {
        settle_pool(peer, job);
      } else if (node.known[job].placed > 0) {
        finishing_.emplace(peer, job);
      } else {
        finish(peer, job, Ending::complete);
      }
    } else if (auto* said = std::get_if<control::Resize>(&message)) {
      job = said->job;
      if (!node.jobs.count(job) || fails()) return;
      resize(peer, *said);
    } else if (auto* said = std::get_if<control::Interrupt>(&message)) {
      if (node.jobs.count(said->job) && node.jobs[said->job] == State::running) finish(peer, said->job, Ending::interrupted);
    } else if (auto* said = std::get_if<control::DrainJob>(&message)) {
      if (runs(peer, said->job)) finish(peer, said->job, Ending::complete);
    } else if (auto* said = std::get_if<control::Ask>(&message)) {
      say(peer, control::Told{said->job, said->number, node.name + " heard " + said->question});
    } else if (auto* said = std::get_if<control::Commit>(&message)) {
      job = said->job;
      BOOST_TEST(node.jobs.count(job) == 1u);
      BOOST_TEST((node.jobs[job] == State::finished));
      if (!fails()) {
        node.committed.insert(job);
        say(peer, control::Committed{job});
      }
      node.jobs.erase(job);
    } else if (auto* said = std::get_if<control::Cancel>(&message)) {
      if (said->why == "nothing of the job runs here any more") parted[said->job].insert(peer);
      node.jobs.erase(said->job);
    } else if (std::holds_alternative<control::Refused>(message)) {
      node.jobs.clear();
    } else if (std::holds_alternative<control::Leave>(message)) {
      BOOST_TEST(node.jobs.empty());
      left.insert(peer);
    }
  }

  // What a NodeJob does of a step, and in which order it may come.
  void resize(PeerId peer, const control::Resize& said) {
    using Step = control::ResizeStep;
    SimulatedNode& node = nodes[peer];
    auto& known = node.known[said.job];
    bool begins = said.step == Step::prepare || said.step == Step::shrink;
    bool too_late = false;
    BOOST_TEST((node.jobs[said.job] == SimulatedNode::State::running ||
                node.jobs[said.job] == SimulatedNode::State::finished));
    if (begins) {
      BOOST_TEST(!known.growing);
      known.changes.push_back(said.change);
      BOOST_TEST(said.placement == ElasticJobGraph::digest(known.placed, known.changes));
    }
    if (said.step == Step::prepare) known.growing = true;
    if (said.step == Step::receive) {
      BOOST_TEST((known.growing && !std::exchange(known.received, true)));
      // A cell of it may have ended before the last has.
      too_late = node.jobs[said.job] == SimulatedNode::State::finished || random_() % 8 == 0;
    }
    if (said.step == Step::attach) BOOST_TEST((known.growing && known.received));
    if (said.step == Step::abandon) {
      known.changes.push_back({PoolChange::What::abandon, said.change.cell, said.change.replica, said.change.node});
    }
    if (said.step == Step::attach || said.step == Step::abandon) known.growing = known.received = false;
    if (said.step == Step::settle) BOOST_TEST((node.jobs[said.job] == SimulatedNode::State::finished));
    say(peer, control::Resized{said.job, said.step, too_late});
    settle_pool(peer, said.job);
  }

  // A node with no cell left ends its share.
  void settle_pool(PeerId peer, JobId job) {
    const auto& known = nodes[peer].known[job];
    if (known.me == 0 || known.growing) return;
    auto all = ElasticJobGraph::replicas(known.placed, known.changes);
    bool any = std::any_of(all.begin(), all.end(), [&](auto each) { return each.first == known.me && each.second; });
    if (!any) finishing_.emplace(peer, job);
  }

  void finish(PeerId peer, JobId job, Ending ending) {
    SimulatedNode& node = nodes[peer];
    node.jobs[job] = SimulatedNode::State::finished;
    control::Finished said{job, ending, {}, {{node.name, "done"}}, 10};
    if (ending == Ending::complete) finished[job].insert(peer);
    say(peer, said);
  }

  std::mt19937 random_;
  JobGraphFactory factory_;
  std::deque<CoordinatorCore::GraphBuild> builds_;
  std::deque<Placing> placings_;
  std::map<JobId, std::uint64_t> own_;
  PeerId last_ = 0;
  std::map<PeerId, std::deque<control::Message>> up_;
  std::map<PeerId, std::deque<control::Message>> down_;
  std::set<PeerId> leaving_;
  std::set<std::pair<PeerId, JobId>> finishing_;  // will have finished, sooner or later
  bool endless_ = false;
};

inline const Error* error_of(const SimulatedSubmitter& submitter) {
  return submitter.outcomes.size() == 1 ? std::get_if<Error>(&submitter.outcomes[0].content) : nullptr;
}
inline const Report* report_of(const SimulatedSubmitter& submitter) {
  return submitter.outcomes.size() == 1 ? std::get_if<Report>(&submitter.outcomes[0].content) : nullptr;
}

}  // namespace leat::testing
