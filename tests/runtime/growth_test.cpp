// Jobs whose pools grow and shrink while they run, in one process and over several nodes: order and
// counts stay what they are without.
#include <algorithm>
#include <iostream>
#include <random>

#include <rapidcheck/boost_test.h>

#include <leat/diagnosis/snapshot_text.hpp>

#include "runtime/shares.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// n, n % 3 times: some are dropped, some doubled.
auto some() {
  return [](const Number& n, Out<Number>& out) {
    for (std::uint64_t i = 0; i < n.read().getValue() % 3; ++i)
      out.emit(n);
  };
}
std::vector<std::uint64_t> expected(std::uint64_t numbers) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t n = 0; n < numbers; ++n)
    out.insert(out.end(), n % 3, n);
  return out;
}

// What a source gives: numbers until it is told that it is enough.
struct Flow {
  explicit Flow(std::uint64_t numbers) : last(numbers) {}
  std::atomic<std::uint64_t> last;
  std::atomic<std::uint64_t> given{0};
};
auto flowing(std::shared_ptr<Flow> flow) {
  return [flow = std::move(flow)](Out<Number>& out) {
    std::uint64_t at = flow->given;
    if (at >= flow->last) return false;
    out.emit(number(out.pool(), at));
    ++flow->given;
    return true;
  };
}

constexpr std::uint64_t kUntilTold = ~std::uint64_t{0};

struct Shape {
  std::uint64_t numbers = kUntilTold;
  bool ordered = false;
  bool fed = false;     // by a link; else the pool pulls the source
  bool second = false;  // another pool below the first; not in order
  std::uint64_t chunks = 4;  // credit
};

Graph graph_of(const Shape& shape, std::shared_ptr<Flow> flow, Collected<Number>& out) {
  Graph g{"g"};
  Replicas count = replicas(2, 6);
  if (shape.ordered) count = count.ordered();
  auto source = g.source("count", flowing(std::move(flow)));
  if (shape.fed) source = source.isolated();
  auto pool = source.credit(1 << 20, shape.chunks).flat_map("some", some(), count);
  if (shape.second) pool = pool.credit(1 << 20, shape.chunks).map("same", same(), replicas(3, 7));
  pool.credit(1 << 20, shape.chunks).sink("out", collect(out));
  return g;
}

// A job on some nodes, of which more may come; the tester is their coordinator.
class Elastic {
 public:
  // Of the pools' replicas each node has some; the rest is on the first.
  Elastic(const Shape& shape, std::size_t nodes, std::uint64_t seed) : shape_(shape), random_(seed) {
    for (NodeId me = 0; me < nodes; ++me) {
      Plan plan = planned();
      // A pool of two and one of three: the counts that the graph asks for at least.
      plan.placement = spread_out(
          plan, nodes,
          [&](CellId cell, std::size_t replica) {
            return plan.layout.cells[cell].replicas > 1 ? static_cast<NodeId>(replica % nodes) : NodeId{0};
          },
          [](CellId) { return NodeId{0}; });
      add(me, std::move(plan));
    }
    for (std::size_t me = 0; me < jobs_.size(); ++me)
      BOOST_REQUIRE(jobs_[me]->build(*crews_[me]));
    for (auto& job : jobs_)
      job->start();
  }
  ~Elastic() { crews_.clear(); }

  const Plan& plan() const { return jobs_[0]->plan(); }
  std::vector<ElasticCell> pools() const { return elastic_cells(plan().checked, plan().layout); }

  // False when it was too late.
  bool grow(CellId cell, NodeId node) {
    auto growth = leat::grow(plan().checked, plan().layout, plan().placement, cell, node);
    if (!growth) return true;
    for (auto& job : jobs_)
      job->prepare(*growth);
    bool in_time = true;
    for (auto& job : jobs_)
      in_time = bool(job->receive()) && in_time;
    for (auto& job : jobs_)
      in_time ? job->attach() : job->abandon();
    grown_ += in_time;
    return in_time;
  }

  // A node that was not there when the job began, with a replica of a pool.
  bool join(CellId cell) {
    auto nodes = plan().placement;
    auto me = static_cast<NodeId>(nodes.nodes.size());
    nodes.nodes.push_back({"late " + std::to_string(me), {}, 1, 0});
    auto growth = leat::grow(plan().checked, plan().layout, nodes, cell, me);
    if (!growth) return true;
    for (auto& job : jobs_)
      job->prepare(*growth);
    Plan late = planned();
    late.layout = growth->layout;
    late.placement = growth->placement;
    std::size_t before = jobs_.size();
    add(me, std::move(late));
    BOOST_REQUIRE(jobs_[me]->build(*crews_[me]));
    bool in_time = true;
    for (std::size_t i = 0; i < before; ++i)
      in_time = bool(jobs_[i]->receive()) && in_time;
    for (std::size_t i = 0; i < before; ++i)
      in_time ? jobs_[i]->attach() : jobs_[i]->abandon();
    jobs_[me]->start();
    if (!in_time) jobs_[me]->abandon(growth->replica);
    grown_ += in_time;
    return in_time;
  }

  void shrink(const ReplicaId& replica) {
    auto shrinking = leat::shrink(plan().checked, plan().layout, plan().placement, replica);
    if (!shrinking) return;
    for (auto& job : jobs_)
      job->retire(*shrinking);
    ++shrunk_;
  }

  // Whatever comes to mind, until it is too late or often enough.
  void change_at_will(std::size_t times, std::size_t most_nodes) {
    auto pools = this->pools();
    BOOST_REQUIRE(!pools.empty());
    bool in_time = true;
    for (std::size_t i = 0; i < times && in_time; ++i) {
      CellId cell = pools[random_() % pools.size()].cell;
      auto live = live_replicas(plan().placement, cell);
      switch (random_() % 4) {
        case 0: in_time = grow(cell, static_cast<NodeId>(random_() % jobs_.size())); break;
        case 1: shrink({cell, live[random_() % live.size()]}); break;
        case 2: in_time = jobs_.size() >= most_nodes || join(cell); break;
        default: std::this_thread::yield();
      }
    }
  }

  // "" when all has ended well.
  std::string wait() {
    if (shape_.numbers == kUntilTold) flow_->last = flow_->given + 100;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      if (!jobs_[i]->state().finished_within(60'000)) {
        for (auto& job : jobs_) std::cerr << snapshot_text(job->snapshot());
        for (auto& job : jobs_) job->state().fail(failed("took too long"));
      }
    }
    std::string failure;
    for (auto& job : jobs_)
      if (auto why = job->state().failure()) failure = why->sentence;
    crews_.clear();
    for (auto& job : jobs_)
      if (failure.empty()) BOOST_TEST(bool(job->commit()));
    return failure;
  }

  // What came out is what should have, in order if it was to be.
  bool intact() {
    auto got = values(out_);
    if (!shape_.ordered) std::sort(got.begin(), got.end());
    return got == expected(flow_->given);
  }
  Job& job(NodeId node) { return *jobs_[node]; }
  std::size_t grown() const { return grown_; }
  std::size_t shrunk() const { return shrunk_; }

 private:
  Plan planned() {
    auto plan = leat::plan(graph_of(shape_, flow_, out_), 2);
    BOOST_REQUIRE_MESSAGE(plan, (plan ? "" : plan.error().sentence));
    return std::move(plan).value();
  }

  void add(NodeId me, Plan plan) {
    for (CellId cell = 0; cell < plan.layout.cells.size(); ++cell)
      if (plan.placement.source_node[cell] != me)
        plan.checked.sources[plan.layout.cells[cell].stages[0]] = nullptr;
    sides_.push_back(std::make_unique<Wiring::Side>(wiring_, me));
    jobs_.push_back(std::make_unique<Job>(std::move(plan), Share{me, sides_.back().get()}));
    crews_.push_back(caf_crew(2, Scheduling::stealing));
  }

  Shape shape_;
  std::shared_ptr<Flow> flow_ = std::make_shared<Flow>(shape_.numbers);
  Collected<Number> out_;
  std::mt19937_64 random_;
  Wiring wiring_;
  std::vector<std::unique_ptr<Wiring::Side>> sides_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::vector<std::unique_ptr<Crew>> crews_;  // go first
  std::size_t grown_ = 0;
  std::size_t shrunk_ = 0;
};

Shape shape_of(std::uint64_t seed) {
  Shape shape;
  shape.ordered = seed % 3 == 0;
  shape.fed = seed % 2 == 0;
  shape.second = seed % 3 == 1;
  shape.chunks = 1 + seed % 7;
  return shape;
}

// Pools that end while they are changed: changes come too late at times.
void run_short_ones() {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Shape shape = shape_of(seed);
    shape.numbers = 20 * seed;
    Elastic elastic(shape, 1 + seed % 2, seed);
    elastic.change_at_will(100, 4);
    BOOST_TEST(elastic.wait() == "");
    BOOST_REQUIRE_MESSAGE(elastic.intact(), "seed " << seed);
  }
}

// Runs some shapes on `nodes` nodes, which become at most `most`.
void run_some(std::size_t nodes, std::size_t most) {
  std::size_t grown = 0;
  std::size_t shrunk = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Shape shape = shape_of(seed);
    Elastic elastic(shape, nodes, seed);
    elastic.change_at_will(60, most);
    BOOST_TEST(elastic.wait() == "");
    BOOST_REQUIRE_MESSAGE(elastic.intact(), "seed " << seed);
    grown += elastic.grown();
    shrunk += elastic.shrunk();
  }
  BOOST_TEST(grown > 30u, "the pools hardly grew");
  BOOST_TEST(shrunk > 15u, "the pools hardly shrank");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(growth)

BOOST_AUTO_TEST_CASE(order_and_counts_hold_while_pools_change_in_one_process) { run_some(1, 1); }
BOOST_AUTO_TEST_CASE(order_and_counts_hold_while_pools_change_on_two_nodes) { run_some(2, 2); }
BOOST_AUTO_TEST_CASE(order_and_counts_hold_while_nodes_join) { run_some(2, 5); }

BOOST_AUTO_TEST_CASE(what_ends_while_it_changes_ends_well) { run_short_ones(); }

BOOST_AUTO_TEST_CASE(a_pool_moves_from_node_to_node) {
  for (bool fed : {false, true}) {
    Shape shape{kUntilTold, true, fed};
    Elastic elastic(shape, 1, 0);
    CellId cell = elastic.pools().at(0).cell;
    BOOST_TEST(elastic.join(cell));
    BOOST_TEST(elastic.grow(cell, 1));
    elastic.shrink({cell, 0});
    elastic.shrink({cell, 1});
    BOOST_TEST((live_replicas(elastic.plan().placement, cell) == std::vector<std::size_t>{2, 3}));
    BOOST_TEST(elastic.grow(cell, 0));
    BOOST_TEST(elastic.grow(cell, 0));
    elastic.shrink({cell, 2});
    elastic.shrink({cell, 3});
    BOOST_TEST(elastic.wait() == "");
    BOOST_TEST(elastic.intact());
  }
}

BOOST_AUTO_TEST_CASE(progress_counts_the_replicas_that_run) {
  Shape shape{kUntilTold, false, true};
  Elastic elastic(shape, 1, 0);
  CellId cell = elastic.pools().at(0).cell;
  BOOST_TEST(elastic.job(0).progress().stages[1].replicas == 2u);
  BOOST_TEST(elastic.grow(cell, 0));
  BOOST_TEST(elastic.grow(cell, 0));
  BOOST_TEST(elastic.job(0).progress().stages[1].replicas == 4u);
  elastic.shrink({cell, 0});
  // Until it has worked off what it has.
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (elastic.job(0).progress().stages[1].replicas > 3 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  BOOST_TEST(elastic.job(0).progress().stages[1].replicas == 3u);
  BOOST_TEST(elastic.wait() == "");
  BOOST_TEST(elastic.intact());
}

BOOST_AUTO_TEST_CASE(it_is_too_late_to_grow_what_has_ended) {
  Shape shape{10, true, true};
  Elastic elastic(shape, 1, 0);
  CellId cell = elastic.pools().at(0).cell;
  BOOST_REQUIRE(elastic.job(0).state().finished_within(60'000));
  BOOST_TEST(!elastic.grow(cell, 0));
  BOOST_TEST(!is_live(elastic.plan().placement, {cell, 2}));
  elastic.shrink({cell, 1});
  BOOST_TEST(elastic.wait() == "");
  BOOST_TEST(elastic.intact());
}

BOOST_AUTO_TEST_CASE(a_job_that_fails_ends_with_all_its_replicas) {
  Shape shape{kUntilTold, true, true};
  Elastic elastic(shape, 2, 0);
  CellId cell = elastic.pools().at(0).cell;
  elastic.grow(cell, 1);
  elastic.shrink({cell, 0});
  for (NodeId node : {0, 1}) elastic.job(node).state().fail(failed("enough"));
  elastic.grow(cell, 0);
  BOOST_TEST(elastic.wait() == "enough");
}

BOOST_AUTO_TEST_SUITE_END()
