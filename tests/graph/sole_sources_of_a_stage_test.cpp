// Sources that nobody needs once a stage has enough.
#include <leat/graph/sole_sources.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

BOOST_AUTO_TEST_SUITE(sole_sources_of_a_stage)

BOOST_AUTO_TEST_CASE(a_source_from_which_all_leads_to_the_stage_is_one) {
  Graph g{"g"};
  auto first = g.source("read", numbers()).map("parse", passing<Number>()).map("first", passing<Number>());
  first.sink("out", drop());
  BOOST_TEST((sole_sources(g, first.stages().front()) == std::vector<StageId>{0}));
  BOOST_TEST(sole_sources(g, 0).empty());
}

BOOST_AUTO_TEST_CASE(one_that_feeds_another_stage_too_is_none) {
  Graph g{"g"};
  auto parse = g.source("read", numbers()).map("parse", passing<Number>());
  auto first = parse.map("first", passing<Number>());
  first.sink("out", drop());
  parse.sink("rest", drop());
  BOOST_TEST(sole_sources(g, first.stages().front()).empty());
}

BOOST_AUTO_TEST_CASE(one_whose_end_others_wait_for_is_none) {
  Graph g{"g"};
  auto parse = g.source("read", numbers()).map("parse", passing<Number>());
  auto first = parse.map("first", passing<Number>());
  first.sink("out", drop());
  g.source("again", numbers()).map("second", passing<Number>()).after(parse).sink("drop", drop());
  BOOST_TEST(sole_sources(g, first.stages().front()).empty());
}

BOOST_AUTO_TEST_CASE(one_that_feeds_a_stage_of_one_input_alone_is_direct) {
  using Ids = std::vector<StageId>;
  Graph g{"g"};
  auto read = g.source("read", numbers());
  auto alone = read.map("alone", passing<Number>());
  alone.sink("out", drop());
  BOOST_TEST((direct_sources(g, alone.stages().front()) == Ids{0}));
  BOOST_TEST(direct_sources(g, 2).empty());
  auto tee = g.source("tee", numbers());
  auto first = tee.map("first", passing<Number>());
  first.sink("first out", drop());
  tee.sink("rest", drop());
  BOOST_TEST(direct_sources(g, first.stages().front()).empty());
  auto joined = g.source("left", numbers()).join("join", g.source("right", numbers()), joining<Number>());
  joined.sink("joined", drop());
  BOOST_TEST(direct_sources(g, joined.stages().front()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
