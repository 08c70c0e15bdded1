// Real jobs on a coordinator and nodes in one process.
#include "cluster/small_cluster.hpp"

#include <algorithm>

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What the graphs of these tests write into and are told by.
struct Outside {
  Collected<Number> collected;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();
  std::atomic<std::uint64_t> passed{0};
  std::promise<void> flowing;
  std::atomic<bool> told{false};
};

using Shared = std::shared_ptr<Outside>;

auto watched(const Shared& outside) {
  return [outside](Number n) {
    if (++outside->passed >= 1000 && !outside->told.exchange(true)) outside->flowing.set_value();
    return n;
  };
}

// Read on a, doubled on both, written on b.
Program doubling(const Shared& outside) {
  std::vector<Option> params = {{"end", OptionType::integer, "numbers to read", "10000"}};
  return {"doubling", "", params, [outside](const Args& args) {
            Graph g{"doubling"};
            auto end = static_cast<std::uint64_t>(args.integer("end"));
            g.source("read", counting(end))
                .map("watch", watched(outside), replicas(4).ordered())
                .map("double", [](Number n, Pool& pool) { return number(pool, 2 * n.read().getValue()); },
                     replicas(4).ordered())
                .sink("write", noting(outside->collected, outside->tally))
                .on("far");
            return g;
          }};
}

// Never ends by itself; may fail at a number.
Program endless(const Shared& outside) {
  std::vector<Option> params = {{"fail-at", OptionType::integer, "where to fail", "-1"}};
  return {"endless", "", params, [outside](const Args& args) {
            Graph g{"endless"};
            std::int64_t bad = args.integer("fail-at");
            g.source("read", counting(~std::uint64_t{0}))
                .map("watch", watched(outside))
                .isolated()
                .map("check",
                     [bad](Number n) -> Result<Number> {
                       if (n.read().getValue() == static_cast<std::uint64_t>(bad)) return corrupt("a bad number");
                       return n;
                     })
                .on("far")
                .sink("write", noting(outside->collected, outside->tally));
            return g;
          }};
}

struct Sum {
  std::uint64_t total = 0;
  void add(const Number& n) { total += n.read().getValue(); }
  Number finish(Pool& pool) { return number(pool, total); }
};

// A second source waits until a fold on another node has ended.
Program gated(const Shared& outside) {
  return {"gated", "", {}, [outside](const Args&) {
            Graph g{"gated"};
            auto sum = g.source("read", counting(1000)).fold("sum", Sum{}).on("far");
            sum.sink("write", noting(outside->collected, outside->tally));
            g.source("again", counting(10))
                .map("late", watched(outside), replicas(4))
                .after(sum)
                .sink("write late", noting(outside->collected, outside->tally));
            return g;
          }};
}

struct Fixture {
  Shared outside = std::make_shared<Outside>();
  SmallCluster cluster{{doubling(outside), endless(outside), gated(outside)}};

  Fixture() {
    cluster.open_coordinator();
    cluster.add_node("a");
    cluster.add_node("b", {"far"});
  }

  void wait_until_it_flows() {
    BOOST_REQUIRE((outside->flowing.get_future().wait_for(30s) == std::future_status::ready));
  }

  std::future<Result<Report>> run_aside(std::size_t program, std::map<std::string, std::string> given = {},
                                        std::stop_token stop = {}) {
    SubmitOptions options = cluster.submit_options(2);
    options.stop = std::move(stop);
    return std::async(std::launch::async, [this, program, given = std::move(given), options] {
      return cluster.run(program, given, options);
    });
  }

  Result<Report> outcome(std::future<Result<Report>>& run) {
    if (run.wait_for(60s) != std::future_status::ready) {
      BOOST_TEST_MESSAGE("the job has no end");
      std::abort();
    }
    return run.get();
  }
};

std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jobs, Fixture)

BOOST_AUTO_TEST_CASE(a_job_on_two_nodes_gives_what_one_process_gives_in_order) {
  auto report = cluster.run(0, {}, 2);
  BOOST_TEST_REQUIRE(sentence(report) == "");
  auto got = values(outside->collected);
  BOOST_TEST(got.size() == 10000u);
  bool doubled = true;
  for (std::size_t i = 0; i < got.size(); ++i) doubled = doubled && got[i] == 2 * i;
  BOOST_TEST(doubled);
  BOOST_TEST(outside->tally->committed == 1);
  BOOST_TEST(report->nodes.size() == 2u);
  BOOST_TEST(report->results.size() == 1u);
  BOOST_TEST(report->progress.stages.at(0).chunks_out == 10000u);
  for (const NodeReport& node : report->nodes) BOOST_TEST(node.progress.stages.at(1).visits > 0u);
  BOOST_TEST(report->bound.total() > 0u);
}

BOOST_AUTO_TEST_CASE(several_jobs_run_one_after_the_other_and_beside_each_other) {
  std::vector<std::future<Result<Report>>> runs;
  for (int i = 0; i < 3; ++i) runs.push_back(run_aside(0));
  for (auto& run : runs) BOOST_TEST(sentence(outcome(run)) == "");
  BOOST_TEST(values(outside->collected).size() == 30000u);
  BOOST_TEST(outside->tally->committed == 3);
  NodeCounters counters = cluster.nodes[0]->node->counters();
  BOOST_TEST(counters.jobs_started == 3u);
  BOOST_TEST(counters.jobs_failed == 0u);
  BOOST_TEST(counters.bytes_out > 0u);
}

BOOST_AUTO_TEST_CASE(a_gate_opens_when_the_stage_has_ended_on_another_node) {
  auto run = run_aside(2);
  BOOST_TEST_REQUIRE(sentence(outcome(run)) == "");
  BOOST_TEST(values(outside->collected).size() == 11u);
  BOOST_TEST(outside->tally->committed == 2);
}

BOOST_AUTO_TEST_CASE(a_stage_that_fails_fails_the_job_everywhere_and_names_its_node) {
  auto run = run_aside(1, {{"fail-at", "5000"}});
  auto report = outcome(run);
  BOOST_TEST(sentence(report) == "stage check: a bad number (on node b)");
  BOOST_TEST((report.error().kind == ErrorKind::corrupt));
  BOOST_TEST(outside->tally->committed == 0);
  auto next = run_aside(0);
  BOOST_TEST(sentence(outcome(next)) == "");
}

BOOST_AUTO_TEST_CASE(an_interrupted_job_ends_as_such_and_commits_nothing) {
  std::stop_source stop;
  auto run = run_aside(1, {}, stop.get_token());
  wait_until_it_flows();
  stop.request_stop();
  auto report = outcome(run);
  BOOST_TEST_REQUIRE(sentence(report) == "");
  BOOST_TEST((report->ending == Ending::interrupted));
  BOOST_TEST(outside->tally->interrupted == 1);
  BOOST_TEST(outside->tally->committed == 0);
}

BOOST_AUTO_TEST_CASE(a_node_that_falls_silent_fails_the_job_and_is_named) {
  auto run = run_aside(1);
  wait_until_it_flows();
  cluster.network.mute(2);
  auto report = outcome(run);
  BOOST_TEST(has(sentence(report), "node b (127.0.0.1:"));
  BOOST_TEST(has(sentence(report), "was lost: silent for 1."));
  BOOST_TEST(outside->tally->committed == 0);
}

BOOST_AUTO_TEST_CASE(a_node_that_is_cut_off_fails_the_job_joins_again_and_serves_the_next) {
  auto run = run_aside(1);
  wait_until_it_flows();
  cluster.network.cut(2);
  auto report = outcome(run);
  BOOST_TEST(has(sentence(report), "was lost: connection reset; nothing is committed"));
  BOOST_TEST(outside->tally->committed == 0);
  auto next = run_aside(0);
  BOOST_TEST(sentence(outcome(next)) == "");
  BOOST_TEST(cluster.nodes[1]->times_ready == 2);
}

BOOST_AUTO_TEST_CASE(a_coordinator_that_goes_fails_the_job_and_its_nodes_join_the_next_one) {
  auto run = run_aside(1);
  wait_until_it_flows();
  cluster.coordinator.reset();
  BOOST_TEST(!outcome(run));
  BOOST_TEST(outside->tally->committed == 0);
  cluster.open_coordinator();
  auto next = run_aside(0);
  BOOST_TEST(sentence(outcome(next)) == "");
}

BOOST_AUTO_TEST_CASE(a_submitter_that_goes_cancels_its_job) {
  auto run = run_aside(1);
  wait_until_it_flows();
  cluster.network.cut(3);
  BOOST_TEST(has(sentence(outcome(run)), "the coordinator 127.0.0.1:4700 was lost"));
  auto next = run_aside(0);
  BOOST_TEST(sentence(outcome(next)) == "");
  BOOST_TEST(outside->tally->committed == 1);
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_is_told_honestly) {
  outside->tally->commit_fails = true;
  auto report = cluster.run(0, {}, 2);
  BOOST_TEST(has(sentence(report), "the job is complete but not wholly committed: node b ("));
  BOOST_TEST(has(sentence(report), "cannot rename; committed on a"));
}

BOOST_AUTO_TEST_CASE(a_drained_node_ends_its_jobs_and_leaves) {
  std::stop_source stop;
  auto run = run_aside(1, {}, stop.get_token());
  wait_until_it_flows();
  BOOST_TEST(drain_node(cluster.submit_options(), "a", cluster.network.transport()).ok());
  auto status = cluster_status(cluster.submit_options(), cluster.network.transport());
  BOOST_REQUIRE(status);
  BOOST_REQUIRE(status->members.size() == 2u);
  BOOST_TEST(status->members[0].draining);
  BOOST_REQUIRE(status->jobs.size() == 1u);
  BOOST_TEST(status->jobs[0].phase == "running");
  stop.request_stop();
  BOOST_TEST(sentence(outcome(run)) == "");
  BOOST_TEST(cluster.nodes[0]->node->wait().ok());
  cluster.nodes[1]->drain.request_stop();
  BOOST_TEST(cluster.nodes[1]->node->wait().ok());
  BOOST_TEST(!drain_node(cluster.submit_options(), "a", cluster.network.transport()));
}

BOOST_AUTO_TEST_CASE(a_drained_node_that_loses_the_coordinator_does_not_join_again) {
  auto run = run_aside(1);
  wait_until_it_flows();
  // The coordinator answers after it has told the node, and messages are delivered in order.
  BOOST_TEST(drain_node(cluster.submit_options(), "a", cluster.network.transport()).ok());
  cluster.network.cut(1);
  BOOST_TEST(has(sentence(outcome(run)), "node a ("));
  auto left = std::async(std::launch::async, [this] { return cluster.nodes[0]->node->wait(); });
  BOOST_TEST((left.wait_for(20s) == std::future_status::ready));
  cluster.nodes[0]->leave.request_stop();
  BOOST_TEST(left.get().ok());
  BOOST_TEST(cluster.nodes[0]->times_ready == 1);
}

BOOST_AUTO_TEST_CASE(a_node_told_to_leave_goes_at_once) {
  auto run = run_aside(1);
  wait_until_it_flows();
  cluster.nodes[1]->leave.request_stop();
  BOOST_TEST(cluster.nodes[1]->node->wait().ok());
  std::string why = sentence(outcome(run));
  BOOST_TEST(has(why, "node b ("));
  BOOST_TEST(has(why, "was lost: it was told to leave at once; nothing is committed"), why);
  BOOST_TEST(outside->tally->committed == 0);
}

BOOST_AUTO_TEST_CASE(a_name_that_others_could_not_read_is_refused_at_once) {
  for (const std::string& name : {std::string("a\nb"), std::string(100'000, 'a')}) {
    auto opened = open_node(cluster.node_options(name), cluster.transport);
    BOOST_REQUIRE(!opened);
    BOOST_TEST((opened.error().kind == ErrorKind::invalid));
    BOOST_TEST(opened.error().sentence.starts_with("this node's name or labels cannot be told to others ("));
  }
}

BOOST_AUTO_TEST_CASE(a_name_is_taken_once) {
  NodeOptions options = cluster.node_options("b");
  options.timeouts.lost_after = 100ms;
  auto node = open_node(std::move(options), cluster.network.transport());
  BOOST_REQUIRE(node);
  auto left = (*node)->wait();
  BOOST_REQUIRE(!left);
  BOOST_TEST(has(left.error().sentence, "the name b is taken by node b (127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(a_node_that_is_not_to_join_again_leaves_with_what_it_lost) {
  NodeOptions options = cluster.node_options("c");
  options.rejoin = false;
  std::promise<void> ready;
  options.on_state = [&ready](NodeState state, const Endpoint&) {
    if (state == NodeState::ready) ready.set_value();
  };
  auto node = open_node(std::move(options), cluster.network.transport());
  BOOST_REQUIRE(node);
  BOOST_REQUIRE((ready.get_future().wait_for(20s) == std::future_status::ready));
  cluster.coordinator.reset();
  auto left = (*node)->wait();
  BOOST_REQUIRE(!left);
  BOOST_TEST(has(left.error().sentence, "the coordinator 127.0.0.1:4700 was lost: "));
}

BOOST_AUTO_TEST_CASE(another_program_is_refused_with_the_first_difference) {
  NodeOptions options = cluster.node_options("c");
  options.identity.build = "another";
  auto node = open_node(std::move(options), cluster.network.transport());
  BOOST_REQUIRE(node);
  auto left = (*node)->wait();
  BOOST_REQUIRE(!left);
  BOOST_TEST(has(left.error().sentence, "this program is build another, the coordinator's is build build"));
  SubmitOptions submit = cluster.submit_options();
  submit.identity.programs[0].params[0].fallback = "20000";
  auto report = cluster.run(0, {}, submit);
  BOOST_TEST(has(sentence(report), "else 20000"));
}

BOOST_AUTO_TEST_CASE(a_label_no_node_has_is_refused_before_anything_starts) {
  cluster.nodes[1]->leave.request_stop();
  BOOST_TEST(cluster.nodes[1]->node->wait().ok());
  auto report = cluster.run(0);
  BOOST_TEST(has(sentence(report), "far"));
  BOOST_TEST((report.error().kind == ErrorKind::invalid));
}

BOOST_AUTO_TEST_SUITE_END()
