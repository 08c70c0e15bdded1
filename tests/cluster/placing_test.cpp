// Jobs that are placed, which takes its time, and nodes that stand still for a while.
#include "cluster/end_of_run.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(placing)

BOOST_AUTO_TEST_CASE(a_graph_whose_placing_does_not_end_holds_up_its_own_job_only) {
  SimulatedCluster cluster(1);
  cluster.never_placed = {1};
  PeerId a = cluster.add_node("a");
  PeerId b = cluster.add_node("b");
  PeerId stuck = cluster.add_submitter(2);
  for (int i = 0; i < 250; ++i) cluster.pass(100ms);
  BOOST_TEST_REQUIRE(cluster.core->status().jobs.size() == 1u);
  BOOST_TEST(cluster.core->status().jobs[0].phase == "placing");
  PeerId next = cluster.add_submitter(2);
  while (cluster.step()) {}
  BOOST_TEST(report_of(cluster.submitters[next]));
  cluster.settle();
  auto* error = error_of(cluster.submitters[stuck]);
  BOOST_REQUIRE(error);
  BOOST_TEST(has(error->sentence, "has not placed graph g within 30.0 s"));
  BOOST_TEST(cluster.core->status().members.size() == 2u);
  BOOST_TEST((cluster.deployed[2] == std::set<PeerId>{a, b}));
  BOOST_TEST(cluster.deployed.count(1) == 0u);
  check_end(cluster);
}

BOOST_AUTO_TEST_CASE(a_job_that_is_being_placed_can_be_left_interrupted_and_lose_a_node) {
  for (int how = 0; how < 3; ++how) {
    SimulatedCluster cluster(1);
    cluster.never_placed = {1};
    cluster.add_node("a");
    PeerId b = cluster.add_node("b");
    PeerId submitter = cluster.add_submitter(2);
    cluster.pass(100ms);
    BOOST_TEST_REQUIRE(cluster.core->status().jobs.size() == 1u);
    if (how == 0) cluster.kill(submitter);
    if (how == 1) cluster.say(submitter, control::Interrupt{});
    if (how == 2) cluster.kill(b);
    cluster.pass(100ms);
    BOOST_TEST(cluster.core->idle());
    // What comes of it now is nobody's.
    cluster.core->placed(1, PlacedJob{"digest", {true, true}, {{}, {}}}, cluster.now);
    cluster.settle();
    BOOST_TEST(cluster.deployed.empty());
    check_end(cluster);
  }
}

BOOST_AUTO_TEST_CASE(a_job_whose_kinds_throw_while_it_is_placed_fails_and_nothing_else_does) {
  auto first = std::make_shared<bool>(true);
  SimulatedCluster cluster(1, [first](const control::Work&) -> Result<std::unique_ptr<JobGraph>> {
    auto job_graph = std::make_unique<SampleJobGraph>();
    job_graph->throws = std::exchange(*first, false);
    return std::unique_ptr<JobGraph>(std::move(job_graph));
  });
  cluster.add_node("a");
  PeerId bad = cluster.add_submitter(1);
  PeerId good = cluster.add_submitter(1);
  cluster.settle();
  auto* error = error_of(cluster.submitters[bad]);
  BOOST_REQUIRE(error);
  BOOST_TEST(error->thrown);
  BOOST_TEST(report_of(cluster.submitters[good]));
  check_end(cluster);
}

BOOST_AUTO_TEST_CASE(a_job_that_nothing_changes_is_placed_once) {
  auto placings = std::make_shared<int>(0);
  SimulatedCluster cluster(1, [placings](const control::Work&) -> Result<std::unique_ptr<JobGraph>> {
    auto job_graph = std::make_unique<SampleJobGraph>();
    job_graph->placings = placings;
    return std::unique_ptr<JobGraph>(std::move(job_graph));
  });
  cluster.add_node("a");
  PeerId submitter = cluster.add_submitter(1);
  cluster.settle();
  BOOST_TEST(report_of(cluster.submitters[submitter]));
  BOOST_TEST(*placings == 1);
}

// Stopped for this long at every step, its last ones among them: what it has to flush, and to commit.
BOOST_AUTO_TEST_CASE(a_node_that_thaws_goes_on_or_is_lost_and_nobody_is_told_otherwise) {
  std::size_t unknown = 0;
  for (auto frozen : {2000ms, 4000ms, 10000ms}) {
    for (std::size_t step = 0; step < 60; ++step) {
      BOOST_TEST_CONTEXT("frozen for " << to_string(frozen) << " at step " << step) {
        SimulatedCluster cluster(static_cast<unsigned>(step));
        cluster.add_node("a");
        PeerId b = cluster.add_node("b");
        while (cluster.step()) {}
        PeerId submitter = cluster.add_submitter(2);
        std::size_t before = cluster.steps;
        while (cluster.steps < before + step && cluster.step()) {}
        cluster.nodes[b].stopped = true;
        for (auto passed = 0ms; passed < frozen; passed += 100ms) cluster.pass(100ms);
        cluster.nodes[b].stopped = false;
        cluster.settle();
        check_end(cluster);
        auto* error = error_of(cluster.submitters[submitter]);
        bool had_ended = step > 0 && cluster.nodes[b].committed.count(1) > 0 && !error;
        if (frozen == 2000ms) BOOST_TEST(!error, (error ? error->sentence : ""));
        if (!error || had_ended) continue;
        BOOST_TEST(has(error->sentence, "node b (127.0.0.1:4712) was lost"), error->sentence);
        bool told = cluster.told_to_commit[1].count(b) > 0;
        BOOST_TEST(has(error->sentence, told ? "may or may not have committed" : "nothing is committed"), error->sentence);
        unknown += told;
      }
    }
  }
  BOOST_TEST(unknown > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
