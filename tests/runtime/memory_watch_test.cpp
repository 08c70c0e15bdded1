// Who holds more than it declares is told so, and nobody else is.
#include <leat/runtime/machine.hpp>
#include <leat/runtime/memory_watch.hpp>

#include <chrono>
#include <cstring>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Holds heap that it does not declare, from a call of its.
struct Hoard final : Actor {
  enum class When { made, start, visit, finish, never };
  Hoard(When at, std::size_t much) : when(at), bytes(much) { take(When::made); }
  Result<void> start(Outbox&) override {
    take(When::start);
    return {};
  }
  Result<Step> visit(Visit& visit, Outbox&) override {
    if (value(visit.chunk) == 10) take(When::visit);
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox&) override {
    take(When::finish);
    return Step::done;
  }
  Result<void> commit(const OutputName&) override {
    ++committed;
    return {};
  }
  void take(When now) {
    if (now != when) return;
    hoard = std::make_unique<char[]>(bytes);
    std::memset(hoard.get(), 1, bytes);
  }
  When when;
  std::size_t bytes;
  std::unique_ptr<char[]> hoard;
  static inline int committed = 0;
};

Graph hoarding(Hoard::When when, std::size_t bytes = std::size_t{120} << 20) {
  Graph g{"g"};
  g.source("count", counting(1000))
      .map("same", same())
      .isolated()
      .sink("hoard", kind_of<Hoard, void, Number>(Sharing::single, when, bytes));
  return g;
}

bool skipped() {
  if (!memory_tells()) BOOST_TEST_MESSAGE("skipped: AddressSanitizer's memory is not ours to bound");
  return !memory_tells();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_watch)

BOOST_AUTO_TEST_CASE(a_tenth_over_the_bound_is_said_and_a_byte_less_is_not) {
  BOOST_TEST(!over_bound(0, 100, "s"));
  BOOST_TEST(!over_bound(100, 100, "s"));
  BOOST_TEST(!over_bound(110, 100, "s"));
  BOOST_TEST(!!over_bound(111, 100, "s"));
  BOOST_TEST(!over_bound(~std::uint64_t{0}, ~std::uint64_t{0}, ""));
  BOOST_TEST(!!over_bound(~std::uint64_t{0}, std::uint64_t{1} << 62, ""));
  BOOST_TEST(over_bound(std::uint64_t{184} << 20, std::uint64_t{29} << 20, "hold").value() ==
             "the process used 184 MiB of memory where its plan allows 29.0 MiB: stage hold, which "
             "touched most of it, holds more than it declares (Needs::state, or .state() in the "
             "graph): declare it, or hold less");
}

BOOST_AUTO_TEST_CASE(a_stage_that_hoards_is_named_in_a_warning) {
  if (skipped()) return;
  using When = Hoard::When;
  for (When when : {When::made, When::start, When::visit, When::finish}) {
    auto report = leat::run(hoarding(when), {.threads = 2});
    BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
    BOOST_REQUIRE(report->warnings.size() == 1u);
    BOOST_TEST(report->warnings[0].find("stage hoard, which touched most") != std::string::npos,
               report->warnings[0]);
  }
}

BOOST_AUTO_TEST_CASE(with_a_limit_it_fails_and_nothing_is_committed) {
  if (skipped()) return;
  Hoard::committed = 0;
  auto report =
      leat::run(hoarding(Hoard::When::visit), {.threads = 2, .memory = std::uint64_t{4} << 30});
  BOOST_REQUIRE(!report);
  BOOST_TEST((report.error().kind == ErrorKind::overloaded));
  BOOST_TEST(report.error().sentence.find("stage hoard, which") != std::string::npos);
  BOOST_TEST(report.error().sentence.find("; nothing is committed") != std::string::npos);
  BOOST_TEST(Hoard::committed == 0);
}

BOOST_AUTO_TEST_CASE(what_the_process_did_before_is_no_fault_of_a_run) {
  if (skipped()) return;
  // A peak that is past, and one that is still there.
  BOOST_TEST(!!leat::run(hoarding(Hoard::When::visit, std::size_t{200} << 20), {.threads = 2}));
  std::vector<char> held(std::size_t{100} << 20, 'x');
  for (int i = 0; i < 3; ++i) {
    auto report = leat::run(hoarding(Hoard::When::never), {.threads = 2, .memory = std::uint64_t{4} << 30});
    BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
    BOOST_TEST(report->warnings.empty());
  }
  BOOST_TEST(held[1] == 'x');
}

BOOST_AUTO_TEST_CASE(what_is_declared_may_be_held) {
  if (skipped()) return;
  Graph g{"g"};
  g.source("count", counting(1000))
      .sink("hoard", kind_of<Hoard, void, Number>(Sharing::single, Hoard::When::visit,
                                                 std::size_t{120} << 20))
      .state(std::uint64_t{120} << 20);
  auto report = leat::run(g, {.threads = 2});
  BOOST_REQUIRE(report);
  BOOST_TEST(report->warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
