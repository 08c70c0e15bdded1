// What the compiler cannot see and no graph can mean: said before anything runs.
#include <leat/graph/layout.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

std::string laid_out(const Graph& graph) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, 4);
  return layout ? "" : layout.error().sentence;
}

Graph with(Replicas count) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), count).sink("out", drop());
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nonsense)

BOOST_AUTO_TEST_CASE(streams_of_two_graphs_are_not_merged) {
  Graph a{"a"};
  Graph b{"b"};
  Stream<Number> ours = a.source("ours", numbers());
  Stream<Number> theirs = b.source("theirs", numbers());
  theirs.sink("out", drop());
  ours.merge(theirs).sink("out", drop());
  BOOST_TEST(sentence(a) ==
             "graph a: stage ours is merged with stage theirs of graph b: build both on one graph");
  BOOST_TEST(sentence(b) ==
             "graph b: stage theirs is used with stage ours of graph a: build both on one graph");
}

BOOST_AUTO_TEST_CASE(streams_of_two_graphs_are_not_joined) {
  for (bool whole_first : {true, false}) {
    Graph a{"a"};
    Graph b{"b"};
    Stream<Number> theirs = b.source("theirs", numbers());
    a.source("ours", numbers())
        .join("both", theirs, joining<Number>(whole_first))
        .sink("out", drop());
    refused(a, "graph a: stage ours is joined with stage theirs of graph b");
    refused(b, "graph b: stage theirs is used with stage ours of graph a");
    BOOST_TEST(b.edges().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_stage_does_not_wait_for_another_graph) {
  Graph a{"one"};
  Graph b{"one"};
  Stream<Number> theirs = b.source("theirs", numbers());
  theirs.sink("out", drop());
  Stream<Number> ours = a.source("ours", numbers()).map("late", same()).after(theirs);
  ours.sink("out", drop());
  refused(a, "stage late comes after stage theirs of another graph of that name");
  Graph c{"c"};
  c.source("ours", numbers()).sink("out", drop()).after(theirs);
  refused(c, "graph c: stage out comes after stage theirs of graph one");
}

BOOST_AUTO_TEST_CASE(copies_of_a_graph_are_one) {
  Graph a{"a"};
  Graph copy = a;
  a.source("s", numbers()).merge(copy.source("t", numbers())).sink("out", drop());
  BOOST_TEST(sentence(a) == "");
}

BOOST_AUTO_TEST_CASE(ranges_of_replicas_have_an_order_and_hold_at_least_one) {
  refused(with(replicas(8, 1)), "stage a may have 8 to 1 replicas: write the least first");
  refused(with(replicas(2, 0).ordered()),
          "stage a may have 2 to 0 replicas: write the least first");
  refused(with(replicas(0)), "stage a may have 0 to 0 replicas: a stage has at least one");
  refused(with(replicas(0).ordered()), "a stage has at least one");
  refused(with(replicas(0, 8)), "stage a may have 0 to 8 replicas: a stage has at least one");
  refused(with(replicas(std::size_t{1} << 40)), "more than the 65536 there may be");
  refused(with(replicas(~std::size_t{0})), "more than the 65536 there may be");
  BOOST_TEST(sentence(with({})) == "");
  BOOST_TEST(sentence(with(Replicas{}.ordered())) == "");
  BOOST_TEST(sentence(with(replicas(1, ~std::size_t{0}))) == "");
  BOOST_TEST(sentence(with(replicas(3, 3))) == "");
}

BOOST_AUTO_TEST_CASE(replicas_that_need_more_channels_than_there_may_be_are_refused) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(60'000))
      .map("b", same(), replicas(50'000))
      .sink("out", drop());
  BOOST_TEST(
      laid_out(g).find("its replicas need 3000050000 channels between them") != std::string::npos,
      laid_out(g));
}

BOOST_AUTO_TEST_CASE(no_credit_is_refused_where_the_edge_is_chained_too) {
  for (bool isolated : {true, false}) {
    for (Amount window : {Amount{0, 5}, Amount{1 << 20, 0}}) {
      Graph g{"g"};
      Stream<Number> a = g.source("s", numbers()).map("a", same());
      if (isolated) a = a.isolated();
      a.credit(window.bytes, window.chunks).sink("out", drop());
      std::string said = laid_out(g);
      BOOST_TEST(said.find("the edge from a to out has credit for 0 ") != std::string::npos, said);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_computes_is_refused) {
  Graph g{"g"};
  g.source("s", numbers());
  StageId out = g.add({"out", passing<Number>(), {}, false, false, {}, {}, {}, {}});
  Dispatch dispatch;
  dispatch.rule = Dispatch::Rule::key;
  dispatch.by = "x";
  g.connect({0, out, 0, dispatch});
  Stream<Number>(g, {out}).sink("end", drop());
  refused(g, "stage out is keyed by x and nothing says how");
}

BOOST_AUTO_TEST_CASE(a_stage_after_one_that_is_not_there_is_refused) {
  Graph g{"g"};
  g.source("s", numbers()).sink("out", drop());
  g.stage(1).after = {7};
  refused(g, "stage out comes after a stage that is not there");
}

BOOST_AUTO_TEST_CASE(a_stream_from_no_stage_is_refused_when_it_is_used) {
  Graph g{"g"};
  Stream<Number> nowhere(g, {});
  BOOST_CHECK_THROW((void)nowhere.isolated(), std::logic_error);
  BOOST_CHECK_THROW((void)nowhere.on("gpu"), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
