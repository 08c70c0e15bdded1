// A job in shares computes what it computes in one process.
#include <algorithm>
#include <atomic>
#include <condition_variable>

#include <rapidcheck/boost_test.h>

#include "runtime/shares.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr std::size_t kNodes = 3;

// Multiplies the number n by n % 3: a third is dropped.
auto some() {
  return [](const Number& n, Out<Number>& out) {
    for (std::uint64_t i = 0; i < n.read().getValue() % 3; ++i)
      out.emit(n);
  };
}
std::vector<std::uint64_t> some_of(std::uint64_t end) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t n = 0; n < end; ++n)
    out.insert(out.end(), n % 3, n);
  return out;
}

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> of) {
  std::sort(of.begin(), of.end());
  return of;
}

struct Sum {
  std::uint64_t sum = 0;
  void add(const Number& n) { sum += n.read().getValue(); }
  Number finish(Pool& pool) { return number(pool, sum); }
};

// Each replica sums its share; another kind sums the sums.
struct Summing final : Actor {
  Result<Step> visit(Visit& visit, Outbox&) override {
    sum += value(visit.chunk);
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    out.emit(number(out.pool(), sum).chunk());
    return Step::done;
  }
  std::uint64_t sum = 0;
};
Kind<Number, Number> summing() {
  auto kind = kind_of<Summing, Number, Number>(Sharing::combinable);
  kind.combine = std::make_shared<StageKind>(kind_of<Summing, Number, Number>(Sharing::single));
  return kind;
}

// Adds to each number the sum of its build side, which must have come before.
struct AddSum final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.port == 1) {
      if (streaming) return failed("the build side came late");
      sum += value(visit.chunk);
      return Step::done;
    }
    streaming = true;
    out.emit(number(out.pool(), value(visit.chunk) + sum).chunk());
    return Step::done;
  }
  bool streaming = false;
  std::uint64_t sum = 0;
};
Kind<Number, Number, Number> add_sum() {
  auto kind = kind_of<AddSum, Number, Number, Number>(Sharing::single);
  kind.inputs[1].whole_first = true;
  return kind;
}

// A count of those that have arrived, and a way to wait for them.
class Rendezvous {
 public:
  explicit Rendezvous(std::size_t of) : missing_(of) {}
  bool arrive_and_wait() {
    std::unique_lock lock(mutex_);
    if (missing_ > 0 && --missing_ == 0) changed_.notify_all();
    return changed_.wait_for(lock, std::chrono::seconds(60), [this] { return missing_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t missing_;
};

// Waits at its first number until every other replica has one too.
struct Meets final : Actor {
  explicit Meets(std::shared_ptr<Rendezvous> at) : meeting(std::move(at)) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (!std::exchange(met, true) && !meeting->arrive_and_wait())
      return failed("a replica got no number");
    out.count("rows", 1);
    out.emit(visit.take());
    return Step::done;
  }
  std::shared_ptr<Rendezvous> meeting;
  bool met = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(share)

BOOST_AUTO_TEST_CASE(a_pool_of_replicas_on_several_nodes_loses_and_repeats_nothing) {
  Collected<Number> out;
  Nodes nodes(
      [&] {
        Graph g{"g"};
        g.source("count", counting(5000))
            .flat_map("some", some(), replicas(5))
            .sink("out", collect(out));
        return g;
      },
      kNodes, round_robin(kNodes));
  BOOST_TEST(nodes.run().failure == "");
  BOOST_TEST(sorted(values(out)) == some_of(5000), boost::test_tools::per_element());
  // Three replicas elsewhere are fed and, like a fourth that is beside the sink, send to it.
  BOOST_TEST(nodes.wiring().channels() == 6u);
}

BOOST_AUTO_TEST_CASE(an_ordered_region_over_several_nodes_keeps_the_order) {
  for (bool isolated : {false, true}) {
    Collected<Number> out;
    Nodes nodes(
        [&] {
          Graph g{"g"};
          Stream<Number> numbers = g.source("count", counting(5000));
          if (isolated) numbers = numbers.isolated();
          numbers.flat_map("some", some(), replicas(4).ordered()).sink("out", collect(out));
          return g;
        },
        kNodes, round_robin(kNodes));
    BOOST_TEST(nodes.run().failure == "");
    BOOST_TEST(values(out) == some_of(5000), boost::test_tools::per_element());
  }
}

RC_BOOST_PROP(wherever_the_replicas_of_regions_are_the_order_is_that_of_the_source, ()) {
  auto seed = *rc::gen::arbitrary<std::uint64_t>();
  auto nodes = *rc::gen::inRange<std::size_t>(1, 4);
  auto end = *rc::gen::inRange<std::uint64_t>(0, 800);
  auto credit = *rc::gen::inRange<std::uint64_t>(1, 20);
  auto first = *rc::gen::inRange<std::size_t>(1, 5);
  auto second = *rc::gen::inRange<std::size_t>(1, 5);
  Collected<Number> out;
  Spread spread = scattered(seed, nodes);
  Nodes shares(
      [&] {
        Graph g{"g"};
        g.source("count", counting(end))
            .flat_map("some", some(), replicas(first).ordered())
            .credit(1 << 20, credit)
            .map("one", same(), replicas(1))
            .isolated()
            .credit(1 << 20, credit)
            .map("again", same(), replicas(second).ordered())
            .sink("out", collect(out));
        return g;
      },
      nodes, spread, sources_of(spread));
  RC_ASSERT(shares.run().failure == "");
  RC_ASSERT(values(out) == some_of(end));
}

BOOST_AUTO_TEST_CASE(a_fold_over_several_nodes_is_combined_into_one) {
  Collected<Number> out;
  Nodes nodes(
      [&] {
        Graph g{"g"};
        g.source("count", counting(10'000))
            .map("same", same(), replicas(4))
            .fold("sum", summing())
            .sink("out", collect(out));
        return g;
      },
      kNodes, round_robin(kNodes));
  BOOST_TEST(nodes.run().failure == "");
  BOOST_TEST(values(out) == std::vector<std::uint64_t>{49'995'000},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_keys_meet_in_one_replica_wherever_it_is) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Collected<Number> out;
    Spread spread = scattered(seed, kNodes);
    Nodes nodes(
        [&] {
          Graph g{"g"};
          g.source("count", counting(1000))
              .map("same", same(), replicas(2))
              .by_key("last digit", [](const Number& n) { return n.read().getValue() % 10; })
              .fold("sum", Sum{}, replicas(3))
              .sink("out", collect(out));
          return g;
        },
        kNodes, spread, sources_of(spread));
    BOOST_TEST(nodes.run().failure == "");
    std::vector<std::uint64_t> expected(3);
    for (std::uint64_t i = 0; i < 1000; ++i)
      expected[replica_of(key_group(i % 10), 3)] += i;
    BOOST_TEST(sorted(values(out)) == sorted(expected), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_piece_that_a_key_made_larger_crosses_when_the_credit_holds_it) {
  auto seen = std::make_shared<std::atomic<int>>(0);
  auto graph = [seen] {
    Graph g{"g"};
    Stream<Number> count = g.source("count", counting(10));
    Stage stage;
    stage.name = "same";
    stage.kind = callables::kind_of<callables::MapActor<Number, decltype(same())>, Number, Number>(
        "same", same(), Sharing::stateless);
    stage.replicas = replicas(2);
    stage.max_output = 1 << 20;
    StageId id = g.add(std::move(stage));
    Dispatch swells;
    swells.rule = Dispatch::Rule::key;
    swells.by = "size";
    swells.window = Amount{2 << 20, 10};
    swells.splitter = [](Pool& pool, const Chunk&, std::size_t, auto& to) -> Result<void> {
      Building<schema::Number> large(pool, 700'000);
      to.emplace_back(1, std::move(large).finish());
      return {};
    };
    g.connect({count.stages()[0], id, 0, swells});
    Stream<Number>(g, {id}).sink("out", [seen](const Number&) { ++*seen; });
    return g;
  };
  Nodes nodes(graph, 2, [](CellId cell, std::size_t) { return static_cast<NodeId>(cell == 1); });
  BOOST_TEST(nodes.run().failure == "");
  BOOST_TEST(*seen == 10);
}

BOOST_AUTO_TEST_CASE(broadcast_gives_every_replica_all_wherever_it_is) {
  Collected<Number> out;
  Nodes nodes(
      [&] {
        Graph g{"g"};
        g.source("count", counting(100))
            .broadcast()
            .fold("sum", Sum{}, replicas(4))
            .sink("out", collect(out));
        return g;
      },
      kNodes, round_robin(kNodes));
  BOOST_TEST(nodes.run().failure == "");
  BOOST_TEST(values(out) == std::vector<std::uint64_t>(4, 4950), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_join_sees_its_whole_build_side_first_and_keeps_the_order) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Collected<Number> out;
    Spread spread = scattered(seed, kNodes);
    Nodes nodes(
        [&] {
          Graph g{"g"};
          Stream<Number> build =
              g.source("build", counting(1000)).map("ordered", same(), replicas(2).ordered());
          g.source("stream", counting(1000))
              .join("add", build, add_sum(), replicas(4).ordered())
              .sink("out", collect(out));
          return g;
        },
        kNodes, spread, sources_of(spread));
    BOOST_TEST(nodes.run().failure == "");
    auto expected = upto(1000);
    for (auto& one : expected)
      one += 499'500;
    BOOST_TEST(values(out) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_chain_may_run_on_another_node_than_its_source) {
  Collected<Number> out;
  Nodes nodes(
      [&] {
        Graph g{"g"};
        g.source("count", counting(3000)).map("same", same()).sink("out", collect(out));
        return g;
      },
      2, [](CellId, std::size_t) { return NodeId{1}; });
  BOOST_TEST(nodes.run().failure == "");
  BOOST_TEST(values(out) == upto(3000), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rows_are_parsed_by_every_node_and_counted_once) {
  constexpr std::size_t kReplicas = 6;
  auto meeting = std::make_shared<Rendezvous>(kReplicas);
  Collected<Number> out;
  Nodes nodes(
      [&] {
        Graph g{"g"};
        g.source("count", counting(20'000))
            .map("parse", kind_of<Meets, Number, Number>(Sharing::stateless, meeting),
                 replicas(kReplicas))
            .blocking()
            .sink("out", collect(out));
        return g;
      },
      kNodes, round_robin(kNodes));
  Outcome outcome = nodes.run();
  BOOST_TEST(outcome.failure == "");
  for (const Progress& share : outcome.shares) {
    BOOST_TEST(share.stages[1].counts.at("rows") > 0u);
    BOOST_TEST(share.stages[1].replicas == 2u);
  }
  Progress whole = sum(outcome.shares);
  BOOST_TEST(whole.stages[0].chunks_out == 20'000u);
  BOOST_TEST(whole.stages[0].replicas == 1u);
  BOOST_TEST(whole.stages[1].counts.at("rows") == 20'000u);
  BOOST_TEST(whole.stages[1].replicas == kReplicas);
  BOOST_TEST(values(out).size() == 20'000u);
}

BOOST_AUTO_TEST_CASE(where_place_puts_them_the_shares_stay_within_their_bounds) {
  Collected<Number> out;
  Nodes nodes(
      [&] {
        Graph g{"g"};
        Stream<Number> build =
            g.source("build", counting(1000)).map("ordered", same(), replicas(2).ordered());
        g.source("stream", counting(20'000))
            .join("add", build, add_sum(), replicas(4).ordered())
            .sink("out", collect(out));
        return g;
      },
      kNodes,
      [](Plan& plan) {
        std::vector<NodeSpec> nodes;
        for (std::size_t i = 0; i < kNodes; ++i)
          nodes.push_back({"node " + std::to_string(i), {}, 1 + i % 2, 0});
        return place(plan.checked, plan.layout, nodes).value();
      });
  BOOST_TEST(nodes.run().failure == "");
  auto expected = upto(20'000);
  for (auto& one : expected)
    one += 499'500;
  BOOST_TEST(values(out) == expected, boost::test_tools::per_element());
  for (NodeId node = 0; node < kNodes; ++node)
    BOOST_TEST(nodes.job(node).usage().peak <= nodes.job(node).plan().bound.chunks());
}

BOOST_AUTO_TEST_SUITE_END()
