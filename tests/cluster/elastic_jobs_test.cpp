// Nodes that come and drain while a job runs, over real sockets: its pools follow, and order and counts are
// what they would have been without.
#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

// A source that gives numbers until it is told that it is enough.
struct Outside {
  std::atomic<std::uint64_t> got{0};     // by the sink, and how many of them were not the one due
  std::atomic<std::uint64_t> astray{0};
  std::atomic<std::uint64_t> given{0};
  std::atomic<std::uint64_t> last{~std::uint64_t{0}};
  std::atomic<bool> light{false};  // so that replicas have little to do
};
using Shared = std::shared_ptr<Outside>;

void work_for(std::chrono::microseconds time) {
  auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
  }
}

auto until_told(const Shared& outside) {
  return [outside](Out<Number>& out) {
    std::uint64_t at = outside->given;
    if (at >= outside->last) return false;
    if (outside->light) work_for(1ms);
    out.emit(number(out.pool(), at));
    ++outside->given;
    return true;
  };
}

Program pool(const Shared& outside, const std::string& name, bool fed, std::size_t most, std::chrono::microseconds work = {}) {
  return {name, "", {}, [=](const Args&) {
            Graph g{name};
            auto source = g.source("read", until_told(outside));
            if (fed) source = source.isolated();
            source
                .map("double",
                     [work](Number n, Pool& pool) {
                       work_for(work);
                       return number(pool, 2 * n.read().getValue());
                     },
                     replicas(2, most).ordered())
                .sink("write", [outside](const Number& n) {
                  outside->astray += n.read().getValue() != 2 * outside->got++;
                });
            return g;
          }};
}

struct Fixture {
  Shared outside = std::make_shared<Outside>();
  SmallCluster cluster{{pool(outside, "pulled", false, 8), pool(outside, "fed", true, 8), pool(outside, "fixed", true, 4),
                         pool(outside, "hard", true, 8, 300us)}};
  std::future<Result<Report>> run;
  int started = 0;

  Fixture() {
    cluster.open_coordinator();
    cluster.add_node("a");
    cluster.add_node("b");
  }
  // A case that fails has not told its source yet.
  ~Fixture() { outside->last = 0; }
  void start(std::size_t program) {
    run = std::async(std::launch::async, [this, program] { return cluster.run(program, {}, cluster.submit_options(2)); });
    BOOST_REQUIRE(cluster.lines.await("job running", ++started));
  }
  Result<Report> end() {
    outside->last = outside->given + 2000;
    if (run.wait_for(60s) != std::future_status::ready) {
      BOOST_TEST_MESSAGE("the job has no end");
      std::abort();
    }
    return run.get();
  }
  bool intact() const { return outside->got == outside->given && outside->astray == 0; }
  void again(std::uint64_t last) {
    outside->got = outside->given = 0;
    outside->last = last;
  }
};

std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(elastic_jobs, Fixture)

BOOST_AUTO_TEST_CASE(a_node_that_comes_gets_replicas_of_a_running_job) {
  for (std::size_t program : {0, 1}) {
    again(~std::uint64_t{0});
    start(program);
    std::string name = "c" + std::to_string(program);
    SmallNode& late = cluster.add_node(name);
    std::string node = " node=" + name;
    for (const char* replica : {" replica=4", " replica=5"})
      BOOST_REQUIRE(cluster.lines.await("pool grew job=" + std::to_string(program + 1) + node + replica));
    auto visits = [&] {
      auto running = late.node->counters().running;
      // Its job has something to say from its first look on.
      bool told = !running.empty() && running[0].second.stages.size() > 1;
      return told ? running[0].second.stages[1].visits : 0;
    };
    auto deadline = std::chrono::steady_clock::now() + 30s;
    while (visits() == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    auto report = end();
    BOOST_TEST_REQUIRE(sentence(report) == "");
    BOOST_TEST(intact());
    BOOST_REQUIRE(report->nodes.size() == 3u);
    BOOST_TEST(report->nodes[2].node == name);
    BOOST_TEST(report->nodes[2].progress.stages.at(1).visits > 0u);
    BOOST_TEST(report->nodes[2].bound > 0u);
    // It has the job's end in common with the others, and may go.
    late.drain.request_stop();
    BOOST_TEST(cluster.lines.await("node left" + node));
  }
}

BOOST_AUTO_TEST_CASE(a_pool_with_all_its_replicas_grows_no_further) {
  start(2);
  cluster.add_node("c");
  auto report = end();
  BOOST_TEST_REQUIRE(sentence(report) == "");
  BOOST_TEST(intact());
  BOOST_TEST(report->nodes.size() == 2u);
  BOOST_TEST(!cluster.lines.have("pool grows"));
}

BOOST_AUTO_TEST_CASE(a_draining_node_gives_its_replicas_up) {
  start(1);
  cluster.add_node("c");
  BOOST_REQUIRE(cluster.lines.await("pool grew", 2));
  cluster.nodes[1]->drain.request_stop();
  BOOST_REQUIRE(cluster.lines.await("pool shrank", 2));
  auto report = end();
  BOOST_TEST_REQUIRE(sentence(report) == "");
  BOOST_TEST(intact());
}

BOOST_AUTO_TEST_CASE(pools_follow_their_load) {
  outside->light = true;
  start(3);
  BOOST_REQUIRE(cluster.lines.await("pool shrank", 2));
  outside->light = false;
  BOOST_REQUIRE(cluster.lines.await("pool grew", 2));
  auto report = end();
  BOOST_TEST_REQUIRE(sentence(report) == "");
  BOOST_TEST(intact());
}

BOOST_AUTO_TEST_CASE(nodes_come_and_drain_in_turn) {
  start(0);
  for (int i = 0; i < 3; ++i) {
    cluster.add_node("late" + std::to_string(i));
    BOOST_REQUIRE(cluster.lines.await("pool grew", 2 * i + 2));
    cluster.nodes.back()->drain.request_stop();
    BOOST_REQUIRE(cluster.lines.await("pool shrank", 2 * i + 2));
    // Long before the job's end, which without it is an end like any other.
    BOOST_REQUIRE(cluster.lines.await("node left node=late" + std::to_string(i)));
  }
  auto report = end();
  BOOST_TEST_REQUIRE(sentence(report) == "");
  BOOST_TEST(intact());
}

BOOST_AUTO_TEST_CASE(a_job_that_ends_while_a_node_comes_ends_well) {
  for (int i = 0; i < 8; ++i) {
    again(static_cast<std::uint64_t>(1 + 3000 * i));
    run = std::async(std::launch::async, [this] { return cluster.run(1, {}, cluster.submit_options(2)); });
    std::string name = "late" + std::to_string(i);
    SmallNode& late = cluster.add_node(name);
    BOOST_REQUIRE(run.wait_for(60s) == std::future_status::ready);
    auto report = run.get();
    BOOST_TEST(sentence(report) == "");
    BOOST_TEST(intact());
    late.drain.request_stop();
    BOOST_REQUIRE(cluster.lines.await("node left node=" + name));
  }
}

BOOST_AUTO_TEST_CASE(a_job_is_cancelled_while_it_grows) {
  start(1);
  for (int i = 0; i < 2; ++i) cluster.add_node("late" + std::to_string(i));
  cluster.nodes[0]->leave.request_stop();
  BOOST_REQUIRE(run.wait_for(60s) == std::future_status::ready);
  auto report = run.get();
  BOOST_TEST(sentence(report).find("node a") != std::string::npos, sentence(report));
}

BOOST_AUTO_TEST_SUITE_END()
