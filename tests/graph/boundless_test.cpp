// Bounds that no number holds: refused against any limit, never wrapped to a small one.
#include <limits>

#include <leat/graph/bound.hpp>
#include <leat/graph/elastic.hpp>
#include <leat/graph/placement.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

using What = BoundTerm::What;

constexpr std::uint64_t kHuge = std::uint64_t{1} << 62;

Bound bound_of(const Graph& graph) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, 2);
  BOOST_REQUIRE_MESSAGE(layout, (layout ? "" : layout.error().sentence));
  return memory_bound(*checked, *layout, 1000);
}

void over_any_limit(const Graph& graph, const std::string& term) {
  Bound bound = bound_of(graph);
  BOOST_TEST(bound.total() == kBoundless);
  for (std::uint64_t limit : {std::uint64_t{1} << 30, kHuge, kBoundless - 1, kBoundless}) {
    auto fit = fits(bound, limit);
    BOOST_REQUIRE(!fit);
    BOOST_TEST((fit.error().kind == ErrorKind::overloaded));
    BOOST_TEST(fit.error().sentence.find("needs up to 16 EiB or more of memory") !=
               std::string::npos);
    BOOST_TEST(fit.error().sentence.find(term) != std::string::npos, fit.error().sentence);
  }
  auto checked = graph.check();
  for (std::uint64_t memory : {std::uint64_t{1} << 40, kBoundless}) {
    std::vector<NodeSpec> nodes = {{"a", {}, 2, memory}};
    auto layout = layout_of(*checked, nodes);
    BOOST_REQUIRE(layout);
    auto placed = place(*checked, *layout, nodes);
    BOOST_REQUIRE(!placed);
    BOOST_TEST((placed.error().kind == ErrorKind::overloaded));
  }
}

// a of so many replicas, in a cell of its own.
template <class F> Graph one(std::size_t count, F with) {
  Graph g{"g"};
  with(g.source("s", numbers()).isolated(), replicas(count)).sink("out", drop());
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(boundless)

BOOST_AUTO_TEST_CASE(states_that_wrap_to_nothing_are_over_any_limit) {
  for (std::size_t count : {4, 5, 8, 16}) {
    over_any_limit(
        one(count, [](auto s, Replicas r) { return s.map("a", same(), r).state(kHuge); }),
        "state of a 16 EiB or more");
  }
}

BOOST_AUTO_TEST_CASE(terms_that_fit_and_a_sum_that_does_not_are_over_any_limit) {
  over_any_limit(
      one(3,
          [](auto s, Replicas r) {
            return s.map("a", same(), r).state(kHuge).isolated().map("b", same()).state(kHuge);
          }),
      "state of a");
}

BOOST_AUTO_TEST_CASE(outputs_and_chunks_that_wrap_are_over_any_limit) {
  for (std::uint64_t most : {kHuge, kBoundless - 1000, kBoundless}) {
    over_any_limit(
        one(4, [&](auto s, Replicas r) { return s.map("a", same(), r).emits_at_most(most); }),
        "output of a");
  }
}

BOOST_AUTO_TEST_CASE(windows_that_wrap_are_over_any_limit) {
  for (std::uint64_t window : {kHuge, std::uint64_t{1} << 63, kBoundless}) {
    over_any_limit(
        one(4, [&](auto s, Replicas r) { return s.credit(window, 10).map("a", same(), r); }),
        "credit of s to a 16 EiB or more");
  }
}

BOOST_AUTO_TEST_CASE(rows_sorted_out_by_a_column_do_not_wrap) {
  Graph g{"g"};
  g.source("s", tables({{"x", ColumnType::I32}}))
      .map("a", passing<Table>())
      .emits_at_most(std::uint64_t{1} << 61)
      .by_column("x")
      .map("b", passing<Table>(), replicas(4))
      .sink("out", drop_table());
  Bound bound = bound_of(g);
  BOOST_TEST(bound.total() >= std::uint64_t{1} << 61);
  for (const BoundTerm& term : bound.terms) {
    if (term.where == "a by x") BOOST_TEST(term.bytes >= std::uint64_t{3} << 61);
  }
}

BOOST_AUTO_TEST_CASE(a_graph_that_is_just_not_boundless_fits_its_own_bound) {
  Bound bound{{{What::state, "a", kBoundless - 6}, {What::state, "b", 5}}};
  BOOST_TEST(bound.total() == kBoundless - 1);
  BOOST_TEST(fits(bound, kBoundless).ok());
  BOOST_TEST(fits(bound, kBoundless - 1).ok());
  BOOST_TEST(!fits(bound, kBoundless - 2).ok());
  bound.terms.push_back({What::state, "c", 1});
  BOOST_TEST(!fits(bound, kBoundless).ok());
}

BOOST_AUTO_TEST_CASE(a_pool_does_not_grow_to_a_bound_that_wraps) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(1, 8))
      .state(std::uint64_t{3} << 61)
      .sink("out", drop());
  std::vector<NodeSpec> nodes = {{"a", {}, 2, kBoundless}};
  auto checked = g.check();
  BOOST_REQUIRE(checked);
  auto layout = layout_of(*checked, nodes);
  BOOST_REQUIRE(layout);
  auto placed = place(*checked, *layout, nodes);
  BOOST_REQUIRE_MESSAGE(placed, (placed ? "" : placed.error().sentence));
  BOOST_TEST_REQUIRE(placed->node_of[0].size() == 2u);
  auto thrice = grow(*checked, *layout, *placed, 0, 0);
  BOOST_REQUIRE(!thrice);
  BOOST_TEST((thrice.error().kind == ErrorKind::overloaded));
}

BOOST_AUTO_TEST_CASE(a_large_link_before_small_ones_counts_as_in_hand) {
  for (bool large_first : {true, false}) {
    Graph g{"g"};
    Stream<Number> large = g.source("large", numbers(1 << 20)).isolated();
    Stream<Number> small = g.source("small", numbers(1 << 10)).isolated();
    (large_first ? large.merge(small) : small.merge(large)).map("a", same()).sink("out", drop());
    for (const BoundTerm& term : bound_of(g).terms) {
      if (term.what == What::chunk_in_hand && term.where == "a")
        BOOST_TEST(term.bytes == (1u << 20) + 2 * kBatch.bytes);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
