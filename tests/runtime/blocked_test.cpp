// Stages that block, and what is known of chunks on their way.
#include <leat/runtime/blocked.hpp>

#include <poll.h>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Waits as a slow call would: the clock goes on, the CPU is not used.
void call(const Number&) { ::poll(nullptr, 0, 130); }

const StageProgress& stage(const Report& report, const std::string& name) {
  for (const StageProgress& each : report.progress.stages) if (each.name == name) return each;
  throw std::runtime_error("no stage " + name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(blocked)

BOOST_AUTO_TEST_CASE(a_stage_that_blocks_is_named_once_with_the_words_that_help) {
  Graph g{"g"};
  g.source("count", counting(4)).sink("call", call);
  auto report = run(g);
  BOOST_REQUIRE(report);
  BOOST_TEST(stage(*report, "call").blocked > 0);
  std::vector<std::string> named;
  for (const std::string& warning : report->warnings) if (warning.find("stage call") == 0) named.push_back(warning);
  BOOST_REQUIRE(named.size() == 1u);
  BOOST_TEST(named[0].find(".blocking()") != std::string::npos, named[0]);
  BOOST_TEST(named[0].find("blocking = true") != std::string::npos, named[0]);
}

BOOST_AUTO_TEST_CASE(one_that_says_it_blocks_is_not_named) {
  Graph g{"g"};
  g.source("count", counting(4)).sink("call", call).blocking();
  auto report = run(g);
  BOOST_REQUIRE(report);
  BOOST_TEST(stage(*report, "call").blocked == 0);
  BOOST_TEST(blocked_stages(report->progress).empty());
}

BOOST_AUTO_TEST_CASE(one_that_works_for_long_is_not_named) {
  Graph g{"g"};
  g.source("count", counting(4)).sink("work", [](const Number&) {
    auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(130);
    while (std::chrono::steady_clock::now() < until) {}
  });
  auto report = run(g);
  BOOST_REQUIRE(report);
  BOOST_TEST(blocked_stages(report->progress).empty());
}

BOOST_AUTO_TEST_CASE(what_was_sent_to_a_stage_is_counted_by_those_above_it) {
  Graph g{"g"};
  auto numbers = g.source("count", counting(100));
  numbers.map("same", [](Number n, Pool&) { return n; }, replicas(2)).isolated().sink("out", [](const Number&) {});
  numbers.broadcast().map("all", [](Number n, Pool&) { return n; }, replicas(3)).sink("rest", [](const Number&) {});
  auto report = run(g, {.threads = 2});
  BOOST_REQUIRE(report);
  BOOST_TEST(stage(*report, "count").chunks_in == 0u);
  for (const char* name : {"same", "out", "all", "rest"}) {
    BOOST_TEST(stage(*report, name).chunks_in == stage(*report, name).visits, name);
  }
  BOOST_TEST(stage(*report, "all").chunks_in == 300u);
}

BOOST_AUTO_TEST_SUITE_END()
