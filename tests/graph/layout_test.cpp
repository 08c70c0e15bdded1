#include <leat/graph/layout.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Layout laid(const Graph& graph, std::size_t threads = 4) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, threads);
  BOOST_REQUIRE_MESSAGE(layout, (layout ? "" : layout.error().sentence));
  return std::move(layout).value();
}

// The cells as "a-b x3 | c".
std::string cells(const Graph& graph, std::size_t threads = 4) {
  std::string out;
  for (const CellPlan& cell : laid(graph, threads).cells) {
    std::string chain;
    for (StageId id : cell.stages)
      chain += (chain.empty() ? "" : "-") + graph.stages()[id].name;
    if (cell.replicas > 1) chain += " x" + std::to_string(cell.replicas);
    if (cell.keeps_order) chain += " ordered";
    out += (out.empty() ? "" : " | ") + chain;
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout)

BOOST_AUTO_TEST_CASE(forward_edges_are_chained_into_one_cell) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same()).map("b", same()).sink("out", drop());
  BOOST_TEST(cells(g) == "s-a-b-out");
  BOOST_TEST(laid(g).links.empty());
}

BOOST_AUTO_TEST_CASE(an_isolated_stage_has_a_cell_of_its_own) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same()).isolated().map("b", same()).sink("out", drop());
  BOOST_TEST(cells(g) == "s | a | b-out");
  BOOST_TEST(laid(g).links.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_blocking_stage_has_a_cell_and_a_thread_of_its_own) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same()).blocking().sink("out", drop());
  BOOST_TEST(cells(g) == "s | a | out");
  BOOST_TEST(!laid(g).cells[0].blocking);
  BOOST_TEST(laid(g).cells[1].blocking);
}

BOOST_AUTO_TEST_CASE(a_tee_breaks_the_chain) {
  Graph g{"g"};
  Stream<Number> a = g.source("s", numbers()).map("a", same());
  a.map("b", same()).sink("left", drop());
  a.map("c", same()).sink("right", drop());
  BOOST_TEST(cells(g) == "s-a | b-left | c-right");
}

BOOST_AUTO_TEST_CASE(a_merge_breaks_the_chain) {
  Graph g{"g"};
  g.source("s", numbers()).merge(g.source("t", numbers())).map("a", same()).sink("out", drop());
  BOOST_TEST(cells(g) == "s | t | a-out");
}

BOOST_AUTO_TEST_CASE(keys_and_broadcasts_break_the_chain) {
  Graph g{"g"};
  auto key = [](const Number& n) { return n.read().getValue(); };
  g.source("s", numbers())
      .by_key("value", key)
      .map("a", same())
      .broadcast()
      .map("b", same())
      .sink("out", drop());
  BOOST_TEST(cells(g) == "s | a | b-out");
  BOOST_TEST((laid(g).links[0].rule == Dispatch::Rule::key));
  BOOST_TEST((laid(g).links[1].rule == Dispatch::Rule::broadcast));
}

BOOST_AUTO_TEST_CASE(a_source_is_pulled_by_every_replica_below_it) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), replicas(3)).sink("out", drop());
  BOOST_TEST(cells(g) == "s-a x3 | out");
  BOOST_TEST((laid(g).links[0].rule == Dispatch::Rule::balance));
}

BOOST_AUTO_TEST_CASE(an_isolated_source_is_not_pulled) {
  Graph g{"g"};
  g.source("s", numbers()).isolated().map("a", same(), replicas(3)).sink("out", drop());
  BOOST_TEST(cells(g) == "s | a x3 | out");
}

BOOST_AUTO_TEST_CASE(a_range_of_replicas_follows_the_threads) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), replicas(2, 5)).sink("out", drop());
  BOOST_TEST(cells(g, 1) == "s-a x2 | out");
  BOOST_TEST(cells(g, 4) == "s-a x4 | out");
  BOOST_TEST(cells(g, 64) == "s-a x5 | out");
}

BOOST_AUTO_TEST_CASE(stateless_stages_take_over_replicas_and_order) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(3).ordered())
      .map("b", passing<Number>())
      .sink("out", drop());
  BOOST_TEST(cells(g) == "s-a-b x3 ordered | out");
  BOOST_TEST(laid(g).links[0].merges);
}

BOOST_AUTO_TEST_CASE(combinable_stages_take_over_replicas_where_order_does_not_matter) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(3))
      .map("b", passing<Number>(Sharing::combinable))
      .sink("out", drop());
  BOOST_TEST(cells(g) == "s-a-b x3 | out");
  Graph ordered{"ordered"};
  ordered.source("s", numbers())
      .map("a", same(), replicas(3).ordered())
      .map("b", passing<Number>(Sharing::combinable))
      .sink("out", drop());
  BOOST_TEST(cells(ordered) == "s-a x3 ordered | b-out");
}

BOOST_AUTO_TEST_CASE(stages_with_state_stay_single) {
  Graph g{"g"};
  auto counting = [n = 0](Number number) mutable {
    ++n;
    return number;
  };
  g.source("s", numbers()).map("a", same(), replicas(3)).map("b", counting).sink("out", drop());
  BOOST_TEST(cells(g) == "s-a x3 | b-out");
}

BOOST_AUTO_TEST_CASE(one_replica_keeps_order_without_numbers) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), replicas(1, 8).ordered()).sink("out", drop());
  BOOST_TEST(cells(g, 1) == "s-a-out");
}

BOOST_AUTO_TEST_CASE(a_build_side_is_broadcast_and_the_stream_stays_chained) {
  Graph g{"g"};
  Stream<Number> model = g.source("s", numbers()).map("model", same());
  g.source("t", numbers()).join("score", model, joining<Number>(), replicas(3)).sink("out", drop());
  BOOST_TEST(cells(g) == "s-model | t-score x3 | out");
  BOOST_TEST((laid(g).links[0].rule == Dispatch::Rule::broadcast));
  BOOST_TEST(laid(g).channels(laid(g).links[0]) == 3u);
}

BOOST_AUTO_TEST_CASE(gates_are_those_of_the_whole_cell) {
  Graph g{"g"};
  Stream<Number> first = g.source("s", numbers()).map("first", same());
  first.sink("keep", drop());
  g.source("t", numbers()).map("a", same()).map("late", same()).after(first).sink("out", drop());
  Layout layout = laid(g);
  BOOST_REQUIRE(layout.cells[1].gates.size() == 1u);
  BOOST_TEST(g.stages()[layout.cells[1].gates[0]].name == "first");
}

BOOST_AUTO_TEST_SUITE_END()
