// How the shares of a job begin and end: told of gates, failures and interruptions.
#include <atomic>

#include "runtime/shares.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr std::size_t kNodes = 3;

struct Sum {
  std::uint64_t sum = 0;
  void add(const Number& n) { sum += n.read().getValue(); }
  Number finish(Pool& pool) { return number(pool, sum); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(share_ends)

BOOST_AUTO_TEST_CASE(a_gate_opens_when_the_stage_has_ended_on_every_node) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    auto ended = std::make_shared<std::atomic<int>>(0);
    auto early = std::make_shared<std::atomic<int>>(0);
    struct Noted : Sum {
      std::shared_ptr<std::atomic<int>> ends;
      Number finish(Pool& pool) {
        ++*ends;
        return Sum::finish(pool);
      }
    };
    Noted noted;
    noted.ends = ended;
    Collected<Number> out;
    Spread spread = scattered(seed, kNodes);
    Nodes nodes(
        [&] {
          Graph g{"g"};
          auto sums = g.source("count", counting(20'000)).fold("sum", noted, replicas(3));
          sums.sink("drop", [](const Number&) {});
          g.source("again", counting(1000))
              .map(
                  "check",
                  [=](Number n) {
                    *early += *ended < 3;
                    return n;
                  },
                  replicas(3))
              .after(sums)
              .sink("out", collect(out));
          return g;
        },
        kNodes, spread, sources_of(spread));
    BOOST_TEST(nodes.run().failure == "");
    BOOST_TEST(values(out).size() == 1000u);
    BOOST_TEST(*early == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_source_without_rows_ends_every_share) {
  for (bool ordered : {false, true}) {
    Collected<Number> out;
    Nodes nodes(
        [&] {
          Graph g{"g"};
          Replicas count = ordered ? replicas(4).ordered() : replicas(4);
          g.source("count", counting(0)).map("same", same(), count).sink("out", collect(out));
          return g;
        },
        kNodes, round_robin(kNodes));
    BOOST_TEST(nodes.run().failure == "");
    BOOST_TEST(values(out).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_node_without_cells_has_finished_when_it_starts) {
  Collected<Number> out;
  Nodes nodes(
      [&] {
        Graph g{"g"};
        g.source("count", counting(10)).sink("out", collect(out));
        return g;
      },
      2, [](CellId, std::size_t) { return NodeId{0}; });
  BOOST_TEST(nodes.run().failure == "");
  BOOST_TEST(values(out) == upto(10), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failure_in_one_share_ends_the_others_once_they_are_told) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    auto breaks = [](Number n) -> Result<Number> {
      if (n.read().getValue() == 3000) return failed("cannot digest 3000");
      return n;
    };
    Spread spread = scattered(seed, kNodes);
    Nodes nodes(
        [&] {
          Graph g{"g"};
          g.source("count", counting(1'000'000'000))
              .map("eat", breaks, replicas(4))
              .map("same", same(), replicas(1))
              .isolated()
              .sink("out", [](const Number&) {});
          return g;
        },
        kNodes, spread, sources_of(spread));
    Outcome outcome = nodes.run();
    BOOST_TEST(outcome.failure == "stage eat: cannot digest 3000");
    BOOST_TEST(outcome.told >= 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_stage_that_cannot_start_fails_the_shares_that_are_built) {
  struct NoStart final : Actor {
    Result<void> start(Outbox&) override { return failed("no such folder"); }
    Result<Step> visit(Visit&, Outbox&) override { return Step::done; }
  };
  Nodes nodes(
      [&] {
        Graph g{"g"};
        g.source("count", counting(10))
            .map("same", same(), replicas(3))
            .sink("write", kind_of<NoStart, void, Number>(Sharing::single));
        return g;
      },
      kNodes,
      [](CellId cell, std::size_t replica) {
        return static_cast<NodeId>(cell == 0 ? replica : 2);
      });
  BOOST_TEST(nodes.run().failure == "stage write: no such folder");
}

BOOST_AUTO_TEST_CASE(an_interruption_ends_every_share_as_such) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    std::stop_source stop;
    Collected<Number> sums;
    Spread spread = scattered(seed, kNodes);
    Nodes nodes(
        [&] {
          Graph g{"g"};
          g.source("endless",
                   [&stop, n = 0](Out<Number>& out) mutable -> bool {
                     if (++n == 5000) stop.request_stop();
                     out.emit(number(out.pool(), 1));
                     return true;
                   })
              .map("same", same(), replicas(4))
              .fold("sum", Sum{}, replicas(1))
              .sink("out", collect(sums));
          return g;
        },
        kNodes, spread, sources_of(spread));
    Outcome outcome = nodes.run(stop.get_token());
    BOOST_TEST(outcome.failure == "");
    BOOST_TEST((outcome.ending == Ending::interrupted));
    BOOST_TEST(values(sums).empty());
  }
}

BOOST_AUTO_TEST_CASE(what_is_told_before_the_start_counts) {
  Collected<Number> out;
  Graph g{"g"};
  auto first = g.source("first", counting(10)).map("one", same());
  first.sink("drop", [](const Number&) {});
  g.source("again", counting(10)).map("two", same()).after(first).sink("out", collect(out));
  auto planned = leat::plan(g, 2);
  BOOST_REQUIRE(planned);
  // Everything but the stage that is waited for is here, and nothing is fed from there.
  planned->placement = spread_out(
      *planned, 2,
      [&](CellId cell, std::size_t) {
        return NodeId{cell == planned->layout.cell_of[first.stages()[0]]};
      },
      [&](CellId cell) { return NodeId{cell == planned->layout.cell_of[first.stages()[0]]}; });
  Wiring wiring;
  Wiring::Side side(wiring, 0);
  Job job(std::move(planned).value(), {0, &side, {}});
  job.gate_ended(first.stages()[0]);
  auto crew = caf_crew(2, Scheduling::stealing);
  BOOST_REQUIRE(job.build(*crew));
  job.start();
  BOOST_TEST(job.state().finished_within(60'000));
  crew.reset();
  BOOST_TEST(values(out) == upto(10), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_job_that_fails_before_its_start_lets_its_cells_go) {
  auto pulled = std::make_shared<std::atomic<int>>(0);
  Graph g{"g"};
  g.source("count", [pulled](Out<Number>&) -> bool { return ++*pulled < 10; })
      .map("same", same(), replicas(3))
      .sink("out", [](const Number&) {});
  for (bool before_build : {false, true}) {
    auto planned = leat::plan(g, 2);
    BOOST_REQUIRE(planned);
    Job job(std::move(planned).value());
    std::atomic<int> finished{0};
    job.state().on_finished = [&] { ++finished; };
    auto crew = caf_crew(2, Scheduling::stealing);
    if (before_build) job.state().fail(failed("a node was lost"));
    BOOST_REQUIRE(job.build(*crew));
    if (!before_build) job.state().fail(failed("a node was lost"));
    crew.reset();
    BOOST_TEST(finished == 1);
    BOOST_TEST(*pulled == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_plan_for_several_nodes_does_not_run_without_links) {
  Graph g{"g"};
  g.source("count", counting(10)).sink("out", [](const Number&) {});
  auto planned = leat::plan(g, 2);
  BOOST_REQUIRE(planned);
  planned->placement = spread_out(*planned, 2, round_robin(2), [](CellId) { return NodeId{0}; });
  auto report = leat::run(std::move(planned).value());
  BOOST_REQUIRE(!report);
  BOOST_TEST(
      report.error().sentence ==
      "graph g is placed on 2 nodes and this process has no links to them: run it on a cluster");
}

BOOST_AUTO_TEST_SUITE_END()
