#include <leat/chunk/table_builder.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>
#include <leat/schemas/chunk.capnp.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

using namespace leat;
using Number = Message<schema::Number>;

namespace {

Number number(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool);
  building.root().setValue(value);
  return Number(std::move(building).finish());
}

// A source of 0, 1, 2 ... below `end`.
auto counting(std::uint64_t end) {
  return [at = std::uint64_t{0}, end](Out<Number>& out) mutable -> bool {
    if (at == end) return false;
    out.emit(number(out.pool(), at++));
    return true;
  };
}

std::vector<std::uint64_t> values(Collected<Number>& collected) {
  std::vector<std::uint64_t> out;
  for (const Number& n : collected.take()) out.push_back(n.read().getValue());
  return out;
}

std::vector<std::uint64_t> upto(std::uint64_t end) {
  std::vector<std::uint64_t> out(end);
  for (std::uint64_t i = 0; i < end; ++i) out[i] = i;
  return out;
}

auto plus(std::uint64_t by) {
  return [by](const Number& n, Pool& pool) { return number(pool, n.read().getValue() + by); };
}

struct Sum {
  std::uint64_t sum = 0;
  void add(const Number& n) { sum += n.read().getValue(); }
  Number finish(Pool& pool) { return number(pool, sum); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run)

BOOST_AUTO_TEST_CASE(a_chain_carries_every_chunk_in_order) {
  Graph g{"chain"};
  Collected<Number> out;
  g.source("count", counting(1000)).map("one", plus(1)).map("less", plus(-1)).sink("out", collect(out));
  auto report = leat::run(g);
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  BOOST_TEST(values(out) == upto(1000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(isolated_stages_carry_every_chunk_in_order) {
  Graph g{"isolated"};
  Collected<Number> out;
  g.source("count", counting(5000)).isolated().map("one", plus(1)).isolated()
      .map("less", plus(-1)).isolated().sink("out", collect(out)).isolated();
  auto report = leat::run(g, {.threads = 2});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  BOOST_TEST(values(out) == upto(5000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ordered_replicas_restore_the_order_whatever_is_dropped_or_multiplied) {
  Graph g{"ordered"};
  Collected<Number> out;
  auto odd = [](const Number& n, Out<Number>& to) {
    std::uint64_t value = n.read().getValue();
    for (std::uint64_t i = 0; i < value % 3; ++i) to.emit(number(to.pool(), value));
  };
  g.source("count", counting(3000)).flat_map("some", odd, replicas(4).ordered()).sink("out", collect(out));
  auto report = leat::run(g, {.threads = 2});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 3000; ++i) expected.insert(expected.end(), i % 3, i);
  BOOST_TEST(values(out) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(replicas_without_order_lose_and_repeat_nothing) {
  Graph g{"unordered"};
  Collected<Number> out;
  g.source("count", counting(3000)).map("same", plus(0), replicas(3)).sink("out", collect(out));
  BOOST_REQUIRE(leat::run(g, {.threads = 2}));
  auto got = values(out);
  std::sort(got.begin(), got.end());
  BOOST_TEST(got == upto(3000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tee_gives_every_branch_every_chunk_and_a_merge_takes_all) {
  Graph g{"tee"};
  Collected<Number> out;
  auto numbers = g.source("count", counting(500));
  auto a = numbers.map("a", plus(1000));
  auto b = numbers.map("b", plus(2000));
  a.merge(b).sink("out", collect(out));
  BOOST_REQUIRE(leat::run(g, {.threads = 2}));
  auto got = values(out);
  std::set<std::uint64_t> distinct(got.begin(), got.end());
  BOOST_TEST(got.size() == 1000u);
  BOOST_TEST(distinct.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(equal_keys_meet_in_one_replica) {
  Graph g{"keyed"};
  Collected<Number> out;
  g.source("count", counting(1000))
      .by_key("last digit", [](const Number& n) { return n.read().getValue() % 10; })
      .fold("sum", Sum{}, replicas(3))
      .sink("out", collect(out));
  BOOST_REQUIRE(leat::run(g, {.threads = 2}));
  auto got = values(out);
  std::uint64_t expected[3] = {};
  for (std::uint64_t i = 0; i < 1000; ++i) expected[replica_of(key_group(i % 10), 3)] += i;
  BOOST_TEST(got.size() == 3u);
  BOOST_TEST(std::is_permutation(got.begin(), got.end(), expected));
}

BOOST_AUTO_TEST_CASE(broadcast_gives_every_replica_all) {
  Graph g{"broadcast"};
  Collected<Number> out;
  g.source("count", counting(100)).broadcast().fold("sum", Sum{}, replicas(3)).sink("out", collect(out));
  BOOST_REQUIRE(leat::run(g, {.threads = 2}));
  BOOST_TEST(values(out) == (std::vector<std::uint64_t>{4950, 4950, 4950}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_gate_holds_a_stage_until_another_has_ended) {
  struct NotedSum : Sum {
    std::shared_ptr<std::atomic<bool>> ended;
    Number finish(Pool& pool) {
      *ended = true;
      return Sum::finish(pool);
    }
  };
  Graph g{"gate"};
  Collected<Number> out;
  NotedSum slow;
  slow.ended = std::make_shared<std::atomic<bool>>(false);
  auto early = std::make_shared<std::atomic<int>>(0);
  auto sum = g.source("count", counting(100000)).fold("sum", slow);
  sum.sink("drop", [](const Number&) {});
  g.source("again", counting(10))
      .map("check", [early, ended = slow.ended](Number n) { *early += !*ended; return n; })
      .after(sum)
      .sink("out", collect(out));
  BOOST_REQUIRE(leat::run(g, {.threads = 2}));
  BOOST_TEST(values(out).size() == 10u);
  BOOST_TEST(*early == 0);
}

BOOST_AUTO_TEST_CASE(an_exception_fails_the_job_and_names_the_stage) {
  Graph g{"throws"};
  g.source("count", counting(100000)).isolated()
      .map("bad", [](Number n) { if (n.read().getValue() == 500) throw std::runtime_error("no 500"); return n; })
      .sink("out", [](const Number&) {}).isolated();
  auto report = leat::run(g, {.threads = 2});
  BOOST_REQUIRE(!report);
  BOOST_TEST(report.error().sentence == "stage bad: threw an exception: no 500 (chunk 500 of count); repeated 3 times");
}

BOOST_AUTO_TEST_CASE(a_stop_interrupts_and_folds_give_nothing) {
  Graph g{"stop"};
  Collected<Number> out;
  std::stop_source stop;
  g.source("count", [&stop, n = 0](Out<Number>& to) mutable -> bool {
     if (++n == 1000) stop.request_stop();
     to.emit(number(to.pool(), 1));
     return true;
   }).fold("sum", Sum{}).sink("out", collect(out));
  auto report = leat::run(g, {.threads = 2, .stop = stop.get_token()});
  BOOST_REQUIRE(report);
  BOOST_TEST((report->ending == Ending::interrupted));
  BOOST_TEST(values(out).empty());
}

BOOST_AUTO_TEST_CASE(a_bound_over_the_limit_is_refused_and_the_largest_terms_are_named) {
  Graph g{"large"};
  g.source("count", counting(1)).sink("out", [](const Number&) {}).isolated();
  auto report = leat::run(g, {.memory = 1 << 20});
  BOOST_REQUIRE(!report);
  BOOST_TEST(report.error().sentence.find("the limit is 1.00 MiB") != std::string::npos, report.error().sentence);
}

BOOST_AUTO_TEST_CASE(a_plan_is_run_once_and_a_copy_of_it_is_refused) {
  for (bool isolated : {false, true}) {
    Graph g{"once"};
    Collected<Number> out;
    Stream<Number> count = g.source("count", counting(10));
    if (isolated) count = count.isolated();
    count.sink("out", collect(out));
    auto planned = leat::plan(g, 2);
    BOOST_REQUIRE(planned);
    Plan copy = *planned;
    // What was refused has not been run.
    BOOST_TEST(!leat::run(copy, {.memory = 1}));
    BOOST_REQUIRE(leat::run(*planned));
    BOOST_TEST(values(out) == upto(10), boost::test_tools::per_element());
    for (const Plan& again : {*planned, copy}) {
      auto refused = leat::run(again);
      BOOST_REQUIRE(!refused);
      BOOST_TEST((refused.error().kind == ErrorKind::invalid));
      BOOST_TEST(refused.error().sentence ==
                 "graph once: source count has been run before, from this plan or a copy of it, and is used "
                 "up: plan the graph again");
    }
    BOOST_TEST(values(out).empty());
    BOOST_REQUIRE(leat::run(g));
    BOOST_TEST(values(out) == upto(10), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(sources_that_a_graph_keeps_of_a_probe_are_used_up_by_a_run_too) {
  Graph g{"once"};
  Collected<Number> out;
  g.source("count", counting(10)).sink("out", collect(out));
  auto run = [&](const Graph::Probes& probes) {
    auto checked = g.check(probes);
    BOOST_REQUIRE(checked);
    auto layout = layout_of(*checked, 1);
    BOOST_REQUIRE(layout);
    Bound bound = memory_bound(*checked, *layout, 0);
    return leat::run(Plan{std::move(*checked), std::move(*layout), std::move(bound)});
  };
  auto probes = g.probe({0});
  BOOST_REQUIRE(probes);
  BOOST_TEST(!!run(*probes));
  BOOST_TEST(!run(*probes));
  BOOST_TEST(!!run(g.probe({0}).value()));
  BOOST_TEST(values(out).size() == 20u);
}

BOOST_AUTO_TEST_SUITE_END()
