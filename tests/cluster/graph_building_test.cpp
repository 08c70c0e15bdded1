// Graphs that take their time to be built, by a coordinator that others need meanwhile.
#include <leat/cluster/detached_call.hpp>

#include <future>
#include <thread>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

// Where a program's function stands until it may go on.
struct Gate {
  std::promise<void> reached;
  std::promise<void> opened;
  std::shared_future<void> may_pass = opened.get_future().share();
  std::atomic<bool> told{false};

  void pass() {
    if (!told.exchange(true)) reached.set_value();
    may_pass.wait();
  }
};

Program counted(const std::string& name, const Collected<Number>& into, const std::shared_ptr<Tally>& tally,
                const std::shared_ptr<Gate>& gate = nullptr) {
  return {name, "", {}, [=](const Args&) {
            if (gate) gate->pass();
            Graph g{name};
            g.source("read", counting(100)).sink("write", noting(into, tally));
            return g;
          }};
}

struct Fixture {
  Collected<Number> collected;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  SmallCluster cluster{{counted("slow", collected, tally, gate), counted("quick", collected, tally)}};

  // Only the coordinator's function stands still.
  Fixture() {
    cluster.open_coordinator();
    cluster.identity.programs[0] = counted("slow", collected, tally);
    cluster.add_node("a");
  }

  std::future<Result<Report>> run_aside(std::size_t program, std::stop_token stop = {}) {
    SubmitOptions options = cluster.submit_options(1);
    options.stop = std::move(stop);
    return std::async(std::launch::async, [this, program, options] { return cluster.run(program, {}, options); });
  }

  void wait_for_the_gate() {
    BOOST_REQUIRE((gate->reached.get_future().wait_for(30s) == std::future_status::ready));
  }

  // What has no end would hang, not fail.
  Result<Report> outcome(std::future<Result<Report>>& run) {
    if (run.wait_for(30s) != std::future_status::ready) {
      BOOST_TEST_MESSAGE("the job has no end");
      std::abort();
    }
    return run.get();
  }
};

std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_building, Fixture)

BOOST_AUTO_TEST_CASE(a_graph_that_takes_its_time_keeps_neither_jobs_nor_members_waiting) {
  auto slow = run_aside(0);
  wait_for_the_gate();
  auto quick = run_aside(1);
  BOOST_TEST(sentence(outcome(quick)) == "");
  cluster.add_node("b");
  auto status = cluster_status(cluster.submit_options(), cluster.transport);
  BOOST_REQUIRE(status);
  BOOST_TEST(status->members.size() == 2u);
  BOOST_TEST_REQUIRE(status->jobs.size() == 1u);
  BOOST_TEST(status->jobs[0].phase == "building");
  gate->opened.set_value();
  BOOST_TEST(sentence(outcome(slow)) == "");
  BOOST_TEST(tally->committed == 2);
  for (const auto& node : cluster.nodes) BOOST_TEST(node->times_ready == 1);
}

BOOST_AUTO_TEST_CASE(a_job_whose_graph_is_being_built_can_be_interrupted) {
  std::stop_source stop;
  auto slow = run_aside(0, stop.get_token());
  wait_for_the_gate();
  stop.request_stop();
  auto report = outcome(slow);
  BOOST_TEST_REQUIRE(sentence(report) == "");
  BOOST_TEST((report->ending == Ending::interrupted));
  gate->opened.set_value();
  auto quick = run_aside(1);
  BOOST_TEST(sentence(outcome(quick)) == "");
}

BOOST_AUTO_TEST_CASE(a_coordinator_that_is_closed_fails_the_job_and_leaves_the_function_behind) {
  auto slow = run_aside(0);
  wait_for_the_gate();
  auto closed = std::async(std::launch::async, [this] { cluster.coordinator.reset(); });
  BOOST_TEST(sentence(outcome(slow)).find("the coordinator was stopped") != std::string::npos);
  BOOST_REQUIRE((closed.wait_for(30s) == std::future_status::ready));
  BOOST_TEST(left_behind() == 1u);
  gate->opened.set_value();
  auto until = std::chrono::steady_clock::now() + 30s;
  while (left_behind() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  BOOST_TEST(left_behind() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
