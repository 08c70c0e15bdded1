// A stage that has enough: its source ends early, and no other.
#include <atomic>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr std::uint64_t kAll = 1'000'000;

struct First final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    std::uint64_t number = value(visit.chunk);
    if (number < 10) out.emit(visit.take());
    if (number >= 9) out.enough();
    return Step::done;
  }
};

Kind<Number, Number> first_ten() {
  auto kind = kind_of<First, Number, Number>(Sharing::single);
  kind.in_order = true;
  return kind;
}

// A source of kAll numbers that tells how many were asked for.
auto counted(std::atomic<std::uint64_t>& asked) {
  return [&asked, at = std::uint64_t{0}](Out<Number>& out) mutable -> bool {
    if (at == kAll) return false;
    asked = at + 1;
    out.emit(number(out.pool(), at++));
    return true;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(enough)

BOOST_AUTO_TEST_CASE(a_source_that_feeds_nothing_else_ends_early_and_the_run_is_complete) {
  std::atomic<std::uint64_t> asked{0};
  Collected<Number> collected;
  Graph g{"g"};
  g.source("count", counted(asked)).map("first", first_ten()).isolated().sink("out", collect(collected));
  auto report = run(g, {.threads = 2});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  BOOST_TEST((report->ending == Ending::complete));
  BOOST_TEST(asked.load() < kAll);
  BOOST_TEST(values(collected) == upto(10));
}

BOOST_AUTO_TEST_CASE(one_that_feeds_others_is_read_whole) {
  std::atomic<std::uint64_t> asked{0};
  Graph g{"g"};
  auto numbers = g.source("count", counted(asked));
  numbers.map("first", first_ten()).sink("out", [](const Number&) {});
  numbers.sink("rest", [](const Number&) {});
  BOOST_REQUIRE(run(g, {.threads = 2}));
  BOOST_TEST(asked.load() == kAll);
}

BOOST_AUTO_TEST_SUITE_END()
