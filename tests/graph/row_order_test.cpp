// Stages that take rows in their order: which graphs give them so.
#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Kind<Number, Number> first_ones() {
  auto kind = passing<Number>(Sharing::single);
  kind.in_order = true;
  return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(row_order)

BOOST_AUTO_TEST_CASE(one_replica_or_ordered_ones_pass) {
  Graph g{"g"};
  g.source("read", numbers())
      .map("parse", passing<Number>(), replicas(1, 8).ordered())
      .map("keep", passing<Number>())
      .map("first", first_ones())
      .sink("out", drop());
  g.source("again", numbers()).map("second", first_ones()).sink("drop", drop());
  BOOST_TEST(sentence(g) == "");
}

BOOST_AUTO_TEST_CASE(replicas_that_keep_no_order_are_refused_wherever_they_are_above) {
  Graph g{"g"};
  g.source("read", numbers())
      .map("parse", passing<Number>(), replicas(1, 8))
      .map("keep", passing<Number>())
      .map("first", first_ones())
      .sink("out", drop());
  refused(g, "stage first takes rows in their order, and the replicas of parse keep none: say that it is ordered");
}

BOOST_AUTO_TEST_CASE(merged_streams_are_refused) {
  Graph g{"g"};
  auto a = g.source("a", numbers());
  a.merge(g.source("b", numbers())).map("keep", passing<Number>()).map("first", first_ones()).sink("out", drop());
  refused(g, "stage first takes rows in their order, and keep merges several streams");
}

BOOST_AUTO_TEST_CASE(streams_that_are_joined_are_refused_and_build_sides_are_not) {
  Graph g{"g"};
  g.source("a", numbers())
      .join("both", g.source("b", numbers()), [] {
        auto kind = joining<Number>(false);
        kind.sharing = Sharing::stateless;
        return kind;
      }())
      .map("first", first_ones())
      .sink("out", drop());
  refused(g, "stage first takes rows in their order, and both has several inputs");
  Graph h{"h"};
  h.source("a", numbers())
      .join("look", h.source("b", numbers()), joining<Number>(true))
      .map("first", first_ones())
      .sink("out", drop());
  BOOST_TEST(sentence(h) == "");
}

BOOST_AUTO_TEST_CASE(several_replicas_of_its_own_are_refused) {
  Graph g{"g"};
  g.source("read", numbers()).map("first", first_ones(), replicas(2)).sink("out", drop());
  refused(g, "stage first takes rows in their order and may have several replicas: give it one");
}

BOOST_AUTO_TEST_SUITE_END()
