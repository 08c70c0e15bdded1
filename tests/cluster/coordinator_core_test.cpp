// Whatever is lost when: each job ends once, nothing is committed unless all have finished, nothing is
// left behind.
#include "cluster/end_of_run.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

template <class M>
std::size_t index_of() {
  return control::Message(M{}).index();
}

enum class Fault { kill_node, stop_node, pause_node, fail_probe, fail_build, fail_run, fail_commit, kill_submitter,
                   interrupt, garbage, misplaced, close };

void inflict(SimulatedCluster& cluster, Fault fault, PeerId victim, PeerId submitter) {
  SimulatedNode& node = cluster.nodes[victim];
  switch (fault) {
    case Fault::kill_node: cluster.kill(victim); break;
    case Fault::stop_node:
    case Fault::pause_node: node.stopped = true; break;
    case Fault::fail_probe: node.fails_at = {index_of<control::Probe>()}; break;
    case Fault::fail_build: node.fails_at = {index_of<control::Deploy>()}; break;
    case Fault::fail_run: node.fails_at = {index_of<control::Start>()}; break;
    case Fault::fail_commit: node.fails_at = {index_of<control::Commit>()}; break;
    case Fault::kill_submitter: cluster.kill(submitter); break;
    case Fault::interrupt: cluster.say(submitter, control::Interrupt{}); break;
    case Fault::garbage: cluster.core->received(victim, corrupt("not a control message"), cluster.now); break;
    case Fault::misplaced: cluster.say(victim, control::Start{1}); break;
    case Fault::close: cluster.core->close("the coordinator was stopped"); break;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(coordinator_core)

BOOST_AUTO_TEST_CASE(a_job_runs_on_all_nodes_and_is_committed_once) {
  SimulatedCluster cluster(1);
  for (auto name : {"a", "b", "c"}) cluster.add_node(name);
  PeerId submitter = cluster.add_submitter(3);
  cluster.settle();
  check_end(cluster);
  auto* report = report_of(cluster.submitters[submitter]);
  BOOST_REQUIRE(report);
  BOOST_TEST((report->ending == Ending::complete));
  BOOST_TEST(report->results.size() == 3u);
  BOOST_TEST(report->nodes.size() == 3u);
  for (auto& [peer, node] : cluster.nodes) BOOST_TEST(node.committed.count(1) == 1u);
}

BOOST_AUTO_TEST_CASE(every_fault_at_every_step_ends_the_job_once_and_leaves_nothing) {
  for (int fault = 0; fault <= static_cast<int>(Fault::close); ++fault) {
    for (std::size_t victim = 0; victim < 3; ++victim) {
      for (std::size_t step = 0; step < 60; ++step) {
        BOOST_TEST_CONTEXT("fault " << fault << " on node " << victim << " at step " << step) {
          SimulatedCluster cluster(static_cast<unsigned>(step));
          std::vector<PeerId> peers;
          for (auto name : {"a", "b", "c"}) peers.push_back(cluster.add_node(name));
          PeerId submitter = cluster.add_submitter(3);
          while (cluster.steps < step && cluster.step()) {}
          inflict(cluster, static_cast<Fault>(fault), peers[victim], submitter);
          cluster.settle();
          if (static_cast<Fault>(fault) == Fault::pause_node) {
            cluster.nodes[peers[victim]].stopped = false;
            cluster.settle();
          }
          check_end(cluster);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(seeded_runs_of_several_jobs_with_several_faults_end_well) {
  for (unsigned seed = 0; seed < seeds(400); ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937 random(seed);
      SimulatedCluster cluster(seed);
      std::vector<PeerId> peers;
      std::vector<PeerId> submitters;
      for (auto name : {"a", "b", "c", "d"}) peers.push_back(cluster.add_node(name));
      for (int job = 0; job < 3; ++job) submitters.push_back(cluster.add_submitter(1 + random() % 4));
      for (int faults = static_cast<int>(random() % 4); faults > 0; --faults) {
        for (auto steps = random() % 40; steps > 0 && cluster.step(); --steps) {}
        if (random() % 4 == 0) cluster.pass(std::chrono::milliseconds(random() % 4000));
        auto fault = static_cast<Fault>(random() % (static_cast<unsigned>(Fault::close) + 1));
        inflict(cluster, fault, peers[random() % peers.size()], submitters[random() % submitters.size()]);
        if (random() % 3 == 0) peers.push_back(cluster.add_node("n" + std::to_string(peers.size())));
      }
      cluster.settle();
      for (auto& [peer, node] : cluster.nodes) node.stopped = false;
      cluster.settle();
      check_end(cluster);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_submitter_that_says_what_it_may_not_is_refused_and_frees_its_nodes) {
  SimulatedCluster cluster(1, [](const control::Work&) -> Result<std::unique_ptr<JobGraph>> {
    return std::unique_ptr<JobGraph>(std::make_unique<ElasticJobGraph>());
  });
  cluster.make_endless();
  PeerId a = cluster.add_node("a");
  PeerId submitter = cluster.add_submitter(1);
  cluster.pass(100ms);
  BOOST_TEST_REQUIRE(cluster.core->status().jobs.size() == 1u);
  BOOST_TEST(cluster.nodes[a].jobs.size() == 1u);
  cluster.say(submitter, control::Start{1});
  cluster.pass(100ms);
  BOOST_TEST(cluster.core->idle());
  BOOST_TEST(cluster.nodes[a].jobs.empty());
  BOOST_TEST(cluster.submitters[submitter].refused.size() == 1u);
  cluster.say(a, control::Drain{});
  cluster.pass(100ms);
  BOOST_TEST((cluster.left == std::set<PeerId>{a}));
}

BOOST_AUTO_TEST_CASE(a_lost_node_is_named_with_where_it_was_and_why) {
  SimulatedCluster cluster(1);
  cluster.add_node("a");
  PeerId b = cluster.add_node("b");
  PeerId submitter = cluster.add_submitter(2);
  for (int i = 0; i < 8; ++i) cluster.step();
  cluster.nodes[b].stopped = true;
  cluster.settle();
  auto* error = error_of(cluster.submitters[submitter]);
  BOOST_REQUIRE(error);
  BOOST_TEST(error->sentence == "node b (127.0.0.1:4712) was lost: silent for 3.1 s; nothing is committed");
  BOOST_TEST((error->kind == ErrorKind::disconnected));
  check_end(cluster);
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_somewhere_is_told_with_what_was_committed) {
  SimulatedCluster cluster(1);
  cluster.add_node("a");
  PeerId b = cluster.add_node("b");
  cluster.nodes[b].fails_at = {index_of<control::Commit>()};
  PeerId submitter = cluster.add_submitter(2);
  cluster.settle();
  auto* error = error_of(cluster.submitters[submitter]);
  BOOST_REQUIRE(error);
  BOOST_TEST(error->sentence == "the job is complete but not wholly committed: node b (127.0.0.1:4712) failed: "
                                "stage map: broken; committed on a");
}

BOOST_AUTO_TEST_CASE(a_job_waits_for_the_nodes_it_wants_and_not_for_ever) {
  SimulatedCluster cluster(1);
  cluster.add_node("a");
  PeerId patient = cluster.add_submitter(2);
  cluster.pass(1000ms);
  BOOST_TEST(cluster.submitters[patient].outcomes.empty());
  cluster.add_node("b");
  cluster.settle();
  BOOST_TEST(report_of(cluster.submitters[patient]));
  PeerId hopeless = cluster.add_submitter(3);
  cluster.settle();
  auto* error = error_of(cluster.submitters[hopeless]);
  BOOST_REQUIRE(error);
  BOOST_TEST(has(error->sentence, "wants 3 nodes and 2 are there after 2.0 s"));
}

BOOST_AUTO_TEST_CASE(a_graph_whose_building_does_not_end_holds_up_nobody) {
  SimulatedCluster cluster(1);
  cluster.builders_work = false;
  cluster.add_node("a");
  PeerId stuck = cluster.add_submitter(1);
  PeerId leaving = cluster.add_submitter(1);
  PeerId interrupted = cluster.add_submitter(1);
  cluster.pass(100ms);
  BOOST_TEST_REQUIRE(cluster.core->status().jobs.size() == 3u);
  BOOST_TEST(cluster.core->status().jobs[0].phase == "building");
  cluster.kill(leaving);
  cluster.say(interrupted, control::Interrupt{});
  cluster.pass(100ms);
  BOOST_TEST(cluster.core->status().jobs.size() == 1u);
  auto* report = report_of(cluster.submitters[interrupted]);
  BOOST_REQUIRE(report);
  BOOST_TEST((report->ending == Ending::interrupted));
  cluster.settle();
  auto* error = error_of(cluster.submitters[stuck]);
  BOOST_REQUIRE(error);
  BOOST_TEST(has(error->sentence, "has not built graph g within 30.0 s"));
  // What comes of it now is nobody's.
  cluster.builders_work = true;
  PeerId next = cluster.add_submitter(1);
  cluster.settle();
  BOOST_TEST(report_of(cluster.submitters[next]));
  BOOST_TEST(cluster.deployed.size() == 1u);
  check_end(cluster);
}

BOOST_AUTO_TEST_CASE(graphs_that_are_never_built_take_up_no_more_than_64_threads) {
  SimulatedCluster cluster(1);
  cluster.builders_work = false;
  cluster.add_node("a");
  for (int job = 0; job < 64; ++job) cluster.add_submitter(1);
  cluster.settle();
  BOOST_TEST(cluster.core->idle());
  PeerId one_more = cluster.add_submitter(1);
  cluster.pass(100ms);
  auto* error = error_of(cluster.submitters[one_more]);
  BOOST_REQUIRE(error);
  BOOST_TEST((error->kind == ErrorKind::overloaded));
  cluster.builders_work = true;
  cluster.settle();
  PeerId next = cluster.add_submitter(1);
  cluster.settle();
  BOOST_TEST(report_of(cluster.submitters[next]));
}

BOOST_AUTO_TEST_CASE(losing_a_node_without_a_share_of_the_job_does_not_matter) {
  SimulatedCluster cluster(1, [](const control::Work&) -> Result<std::unique_ptr<JobGraph>> {
    auto job_graph = std::make_unique<SampleJobGraph>();
    job_graph->spares_last = true;
    return std::unique_ptr<JobGraph>(std::move(job_graph));
  });
  PeerId a = cluster.add_node("a");
  while (cluster.step()) {}
  PeerId b = cluster.add_node("b");
  while (cluster.step()) {}
  PeerId submitter = cluster.add_submitter(2);
  while (cluster.deployed.empty() && cluster.step()) {}
  cluster.kill(b);
  cluster.settle();
  BOOST_TEST(report_of(cluster.submitters[submitter]));
  BOOST_TEST((cluster.deployed[1] == std::set<PeerId>{a}));
  check_end(cluster);
}

BOOST_AUTO_TEST_CASE(an_interrupted_job_commits_nothing_and_says_so) {
  for (std::size_t step = 0; step < 40; ++step) {
    SimulatedCluster cluster(static_cast<unsigned>(step));
    cluster.add_node("a");
    PeerId submitter = cluster.add_submitter(1);
    while (cluster.steps < step && cluster.step()) {}
    cluster.say(submitter, control::Interrupt{});
    cluster.settle();
    auto* report = report_of(cluster.submitters[submitter]);
    BOOST_REQUIRE(report);
    bool committed = !cluster.told_to_commit[1].empty();
    BOOST_TEST(committed == (report->ending == Ending::complete));
    check_end(cluster);
  }
}

BOOST_AUTO_TEST_CASE(whoever_has_asked_may_cancel_a_job_and_nobody_else) {
  constexpr PeerId kAsker = 1000;
  for (bool asks : {true, false}) {
    std::size_t interrupted = 0;
    for (std::size_t step = 0; step < 40; ++step) {
      SimulatedCluster cluster(static_cast<unsigned>(step));
      cluster.add_node("a");
      PeerId submitter = cluster.add_submitter(1);
      while (cluster.steps < step && cluster.step()) {}
      cluster.core->connected(kAsker, cluster.now);
      control::Message question = control::AskStatus{{"build", {"graph g"}}};
      if (asks) cluster.core->received(kAsker, question, cluster.now);
      question = control::Interrupt{1};
      cluster.core->received(kAsker, question, cluster.now);
      cluster.settle();
      auto* report = report_of(cluster.submitters[submitter]);
      BOOST_REQUIRE(report);
      BOOST_TEST(!cluster.told_to_commit[1].empty() == (report->ending == Ending::complete));
      interrupted += report->ending == Ending::interrupted ? 1u : 0u;
      check_end(cluster);
    }
    BOOST_TEST((interrupted > 0) == asks);
  }
}

namespace {

// Who has asked before; what it is told comes to nobody here.
void ask(SimulatedCluster& cluster, control::Message question) {
  constexpr PeerId kAsker = 1000;
  cluster.core->connected(kAsker, cluster.now);
  control::Message status = control::AskStatus{{"build", {"graph g"}}};
  cluster.core->received(kAsker, status, cluster.now);
  cluster.core->received(kAsker, question, cluster.now);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_drained_job_is_complete_and_says_so) {
  std::size_t drained = 0;
  for (std::size_t step = 0; step < 40; ++step) {
    SimulatedCluster cluster(static_cast<unsigned>(step));
    cluster.add_node("a");
    cluster.add_node("b");
    PeerId submitter = cluster.add_submitter(2);
    while (cluster.steps < step && cluster.step()) {}
    ask(cluster, control::DrainJob{1});
    auto jobs = cluster.core->status().jobs;
    bool drains = !jobs.empty() && jobs[0].phase == "draining";
    cluster.settle();
    auto* report = report_of(cluster.submitters[submitter]);
    BOOST_REQUIRE(report);
    BOOST_TEST((report->ending == Ending::complete));
    BOOST_TEST(report->warnings.size() == (drains ? 1u : 0u));
    drained += report->warnings.size();
    check_end(cluster);
  }
  BOOST_TEST(drained > 0);
}

BOOST_AUTO_TEST_CASE(a_question_goes_to_the_nodes_of_a_job_that_runs_and_changes_nothing) {
  for (std::size_t step = 0; step < 40; ++step) {
    SimulatedCluster cluster(static_cast<unsigned>(step));
    cluster.add_node("a");
    PeerId submitter = cluster.add_submitter(1);
    while (cluster.steps < step && cluster.step()) {}
    ask(cluster, control::Ask{1, 0, "what"});
    cluster.settle();
    auto* report = report_of(cluster.submitters[submitter]);
    BOOST_REQUIRE(report);
    BOOST_TEST((report->ending == Ending::complete));
    check_end(cluster);
  }
}

BOOST_AUTO_TEST_CASE(a_draining_node_finishes_what_it_has_and_leaves) {
  for (std::size_t step = 0; step < 40; ++step) {
    SimulatedCluster cluster(static_cast<unsigned>(step));
    PeerId a = cluster.add_node("a");
    PeerId b = cluster.add_node("b");
    for (int i = 0; i < 2; ++i) cluster.step();
    PeerId submitter = cluster.add_submitter(1);
    while (cluster.steps < step && cluster.step()) {}
    cluster.say(a, control::Drain{});
    cluster.settle();
    BOOST_TEST((cluster.left == std::set<PeerId>{a}));
    BOOST_TEST(report_of(cluster.submitters[submitter]));
    BOOST_TEST(cluster.core->status().members.size() == 1u);
    PeerId later = cluster.add_submitter(1);
    cluster.settle();
    BOOST_TEST(report_of(cluster.submitters[later]));
    BOOST_TEST((cluster.deployed[2] == std::set<PeerId>{b}));
    check_end(cluster);
  }
}

BOOST_AUTO_TEST_CASE(strangers_are_refused_with_the_reason_and_dropped) {
  SimulatedCluster cluster(1);
  PeerId other = cluster.add_submitter(1, "another build");
  PeerId node = cluster.add_node("a");
  cluster.settle();
  auto* error = error_of(cluster.submitters[other]);
  BOOST_REQUIRE(error);
  BOOST_TEST(has(error->sentence, "another build than the coordinator's: this program is build another build, the "
                                  "coordinator's is build build: run the same program everywhere"),
             error->sentence);
  cluster.core->connected(90, cluster.now);
  cluster.core->received(90, control::Message(control::Commit{1}), cluster.now);
  cluster.core->connected(91, cluster.now);
  cluster.settle();
  BOOST_TEST(cluster.dropped.count(90) == 1u);
  BOOST_TEST(cluster.dropped.count(91) == 1u);
  BOOST_TEST(cluster.dropped.count(node) == 0u);
}

BOOST_AUTO_TEST_CASE(a_coordinator_that_drains_refuses_new_jobs) {
  SimulatedCluster cluster(1);
  cluster.add_node("a");
  cluster.core->drain();
  PeerId submitter = cluster.add_submitter(1);
  cluster.settle();
  auto* error = error_of(cluster.submitters[submitter]);
  BOOST_REQUIRE(error);
  BOOST_TEST((error->kind == ErrorKind::overloaded));
}

BOOST_AUTO_TEST_CASE(a_bound_over_a_nodes_memory_is_refused_before_anything_is_built) {
  SimulatedCluster cluster(1);
  PeerId peer = cluster.add_node("a");
  BOOST_TEST(peer == 1u);
  while (cluster.step()) {}
  control::Submit submit;
  submit.identity = {"build", {"graph g"}};
  submit.work.program = "g";
  submit.memory = 10;
  cluster.submitters[50];
  cluster.core->connected(50, cluster.now);
  cluster.say(50, submit);
  cluster.settle();
  auto* error = error_of(cluster.submitters[50]);
  BOOST_REQUIRE(error);
  BOOST_TEST(has(error->sentence, "node a: "));
  BOOST_TEST(cluster.deployed.empty());
  check_end(cluster);
}

BOOST_AUTO_TEST_SUITE_END()
