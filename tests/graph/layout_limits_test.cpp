// What cannot be laid out: orders that cannot be kept, credit below one chunk. And what credit
// there is.
#include <leat/graph/layout.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

std::string refusal(const Graph& graph) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, 4);
  if (layout) return "";
  BOOST_TEST((layout.error().kind == ErrorKind::invalid));
  return layout.error().sentence;
}

Amount window(const Graph& graph) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, 4);
  BOOST_REQUIRE(layout);
  return layout->links.at(0).window;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_limits)

BOOST_AUTO_TEST_CASE(order_cannot_be_kept_into_several_replicas) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(3).ordered())
      .map("b", same(), replicas(2))
      .sink("out", drop());
  BOOST_TEST(
      refusal(g) ==
      "graph g: stage a cannot keep order: it feeds 2 replicas of b: give that stage one replica");
}

BOOST_AUTO_TEST_CASE(order_cannot_be_kept_of_what_several_replicas_send) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(2))
      .map("b", same(), replicas(3).ordered())
      .sink("out", drop());
  BOOST_TEST(
      refusal(g).find("stage b cannot keep order: a does not feed it as one balanced stream") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(order_cannot_be_kept_of_keys) {
  Graph g{"g"};
  auto key = [](const Number& n) { return n.read().getValue(); };
  g.source("s", numbers())
      .by_key("value", key)
      .map("a", same(), replicas(3).ordered())
      .sink("out", drop());
  BOOST_TEST(refusal(g).find("stage a cannot keep order") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(order_cannot_be_kept_of_merged_streams) {
  Graph g{"g"};
  g.source("s", numbers())
      .merge(g.source("t", numbers()))
      .map("a", same(), replicas(3).ordered())
      .sink("out", drop());
  BOOST_TEST(refusal(g).find("stage a cannot keep order: it merges several streams") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_ordered_stage_may_be_fed_by_one_isolated_replica) {
  Graph g{"g"};
  g.source("s", numbers()).isolated().map("a", same(), replicas(3).ordered()).sink("out", drop());
  BOOST_TEST(refusal(g) == "");
}

BOOST_AUTO_TEST_CASE(credit_for_less_than_a_chunk_is_refused) {
  Graph g{"g"};
  g.source("s", numbers(5000)).isolated().credit(4999, 10).sink("out", drop());
  BOOST_TEST(refusal(g) ==
             "graph g: the edge from s to out has credit for 4999 bytes, less than one chunk of "
             "5000: raise its credit");
  Graph none{"none"};
  none.source("s", numbers(5000)).isolated().credit(5000, 0).sink("out", drop());
  BOOST_TEST(refusal(none) != "");
  Graph enough{"enough"};
  enough.source("s", numbers(5000)).isolated().credit(5000, 1).sink("out", drop());
  BOOST_TEST(refusal(enough) == "");
}

BOOST_AUTO_TEST_CASE(credit_is_what_the_edge_says_else_the_default_else_one_chunk) {
  Graph said{"said"};
  said.source("s", numbers(5000)).isolated().credit(6000, 7).sink("out", drop());
  BOOST_TEST((window(said) == Amount{6000, 7}));
  Graph small{"small"};
  small.source("s", numbers(5000)).isolated().sink("out", drop());
  BOOST_TEST((window(small) == kDefaultWindow));
  Graph large{"large"};
  large.source("s", numbers(10 << 20)).isolated().sink("out", drop());
  BOOST_TEST(window(large).bytes == std::uint64_t{10} << 20);
}

BOOST_AUTO_TEST_SUITE_END()
