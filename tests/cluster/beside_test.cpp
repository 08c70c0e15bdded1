// Jobs beside each other on a node that has memory for some of them, and many after each other.
#include <dirent.h>

#include <future>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

struct Crowd {
  std::atomic<int> there{0};
  std::atomic<int> most{0};
};

// Counts the jobs that are on a node: from before its actor starts until it is destroyed.
struct Counted final : Actor {
  explicit Counted(std::shared_ptr<Crowd> c) : crowd(std::move(c)) {
    int now = ++crowd->there;
    for (int most = crowd->most; most < now && !crowd->most.compare_exchange_weak(most, now);) {}
  }
  ~Counted() noexcept(false) override { --crowd->there; }
  Result<Step> visit(Visit&, Outbox&) override { return Step::done; }
  std::shared_ptr<Crowd> crowd;
};

Program crowding(const std::shared_ptr<Crowd>& crowd) {
  return {"crowding", "", {}, [crowd](const Args&) {
            auto sink = stage_kind<void, Number>("test.counted", "");
            sink.actor = [crowd](const Making&) { return std::make_unique<Counted>(crowd); };
            Graph g{"crowding"};
            g.source("read", counting(2000)).sink("count", sink);
            return g;
          }};
}

std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  DIR* open = ::opendir(folder);
  BOOST_REQUIRE(open);
  while (::readdir(open)) ++count;
  ::closedir(open);
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(beside)

BOOST_AUTO_TEST_CASE(jobs_at_once_take_turns_on_a_node_that_has_memory_for_one) {
  auto crowd = std::make_shared<Crowd>();
  Bound bound;
  // The first of them brings the process to its size.
  for (int i = 0; i < 2; ++i) {
    SmallCluster alone{{crowding(crowd)}};
    alone.open_coordinator();
    alone.add_node("a");
    auto report = alone.run(0);
    BOOST_TEST_REQUIRE(sentence(report) == "");
    bound = report->bound;
    BOOST_TEST(report->peak_pool > 0u);
    BOOST_TEST(report->peak_pool <= report->bound.chunks());
    BOOST_TEST_REQUIRE(report->nodes.size() == 1u);
    BOOST_TEST(report->nodes[0].peak_pool == report->peak_pool);
  }
  crowd->most = 0;
  SmallCluster cluster{{crowding(crowd)}};
  cluster.open_coordinator();
  // The most that is too little for two: a process grows, and never shrinks, by its peak.
  std::uint64_t job = bound.total() - bound.of(BoundTerm::What::process_base);
  cluster.add_node("a", {}, bound.total() + job - 1);
  std::vector<std::future<Result<Report>>> runs;
  for (int i = 0; i < 6; ++i) runs.push_back(std::async(std::launch::async, [&] { return cluster.run(0); }));
  for (auto& run : runs) {
    if (run.wait_for(60s) != std::future_status::ready) std::abort();
    BOOST_TEST(sentence(run.get()) == "");
  }
  BOOST_TEST(crowd->most == 1);
}

BOOST_AUTO_TEST_CASE(many_jobs_after_each_other_leave_no_descriptor_and_no_thread) {
  auto crowd = std::make_shared<Crowd>();
  SmallCluster cluster{{crowding(crowd)}};
  cluster.open_coordinator();
  cluster.add_node("a");
  cluster.add_node("b");
  auto run = [&] { BOOST_TEST_REQUIRE(sentence(cluster.run(0, {}, 2)) == ""); };
  for (int i = 0; i < 5; ++i) run();
  // Until what ended a moment ago is gone, too.
  auto settled = [](const char* folder, std::size_t at_most) {
    auto until = std::chrono::steady_clock::now() + 10s;
    while (entries(folder) > at_most && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return entries(folder);
  };
  auto descriptors = entries("/proc/self/fd");
  auto threads = entries("/proc/self/task");
  for (int i = 0; i < 200; ++i) run();
  BOOST_TEST(settled("/proc/self/fd", descriptors) <= descriptors);
  BOOST_TEST(settled("/proc/self/task", threads) <= threads);
  BOOST_TEST(crowd->there == 0);
}

BOOST_AUTO_TEST_SUITE_END()
