// Two nodes in one process, joined by the data plane: a slow way between them is told from a slow consumer.
#include <random>

#include "diagnosis/slow_proxy.hpp"
#include "diagnosis/watched.hpp"
#include "net/two_nodes.hpp"
#include "runtime/shares.hpp"

#include <leat/diagnosis/why.hpp>

using namespace leat;
using namespace leat::testing;

namespace {

// What comes of a graph of two cells, the first on one node and the second on the other.
class OnTwo {
 public:
  OnTwo(const std::function<Graph()>& graph, std::chrono::microseconds late)
      : proxy_(nodes_.planes[1]->endpoint(), late),
        links_(nodes_, nodes_.wiring(1, 0, proxy_.endpoint()), nodes_.wiring(1, 1)) {
    for (NodeId me : {0u, 1u}) {
      Plan planned = must_plan(graph());
      planned.placement = spread_out(planned, 2, [](CellId cell, std::size_t) { return cell == 0 ? NodeId{0} : NodeId{1}; },
                                     [](CellId) { return NodeId{0}; });
      if (me == 1) planned.checked.sources[0] = nullptr;
      jobs_.push_back(std::make_unique<Job>(std::move(planned), Share{me, links_.links[me].get()}));
      crews_.push_back(caf_crew(2, Scheduling::stealing));
      auto built = jobs_.back()->build(*crews_.back());
      BOOST_REQUIRE_MESSAGE(built, (built ? "" : built.error().sentence));
    }
    links_.start();
    for (auto& job : jobs_) job->start();
  }
  ~OnTwo() {
    for (auto& job : jobs_) job->state().fail(failed("enough"));
    crews_.clear();
    for (auto& job : jobs_) {
      [[maybe_unused]] auto gone = job->let_go();
    }
    jobs_.clear();
  }
  JobSnapshot snapshot() const { return joined({jobs_[0]->snapshot(), jobs_[1]->snapshot()}); }

 private:
  static Plan must_plan(const Graph& graph) {
    auto planned = plan(graph, 4);
    BOOST_REQUIRE_MESSAGE(planned, (planned ? "" : planned.error().sentence));
    return std::move(planned).value();
  }

  TwoNodes nodes_;
  SlowProxy proxy_;
  BothLinks links_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::vector<std::unique_ptr<Crew>> crews_;
};

Why ask(std::uint64_t seed, bool slow_link) {
  std::mt19937_64 random(seed);
  auto below = [&random](std::uint64_t end) { return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random); };
  auto seen = std::make_shared<Seen>();
  std::chrono::microseconds slow(2000 + below(4000));
  bool waits = below(2) > 0;
  std::uint64_t chunks = 4 + below(12);
  auto graph = [=] {
    Graph g{"g"};
    Stream<Number> numbers = g.source("read", counting(~std::uint64_t{0})).isolated();
    numbers.credit(1 << 20, chunks).sink("out", [=](const Number&) {
      if (!slow_link) take(slow, waits);
      seen->one();
    });
    return g;
  };
  OnTwo nodes(graph, std::chrono::microseconds(slow_link ? 4000 + below(8000) : 0));
  BOOST_REQUIRE(seen->wait(40));
  JobSnapshot before = nodes.snapshot();
  BOOST_REQUIRE(seen->wait(seen->count() + 100));
  return why(before, nodes.snapshot());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(between_nodes)

BOOST_AUTO_TEST_CASE(a_slow_way_is_the_cause_and_not_who_is_at_its_ends) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    Why found = ask(seed, true);
    BOOST_TEST((found.cause == Cause::link), "seed " << seed << ": " << why_text(found));
    BOOST_TEST(found.stage == "read");
  }
}

BOOST_AUTO_TEST_CASE(a_slow_consumer_on_another_node_is_the_cause_and_not_the_way) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    Why found = ask(seed, false);
    BOOST_TEST((found.cause == Cause::visit), "seed " << seed << ": " << why_text(found));
    BOOST_TEST(found.stage == "out");
  }
}

BOOST_AUTO_TEST_SUITE_END()
