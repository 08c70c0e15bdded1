// What would wait for itself while it runs: gates, build sides, and what they share.
#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

BOOST_AUTO_TEST_SUITE(check_waits)

BOOST_AUTO_TEST_CASE(a_gate_whose_two_sides_share_a_source_is_refused) {
  Graph g{"g"};
  Stream<Number> read = g.source("read", numbers());
  Stream<Number> model = read.map("model", same());
  model.sink("keep", drop());
  read.map("score", same()).after(model).sink("out", drop());
  refused(g, "stage score waits for model to end, while both are fed by read");
}

BOOST_AUTO_TEST_CASE(a_gate_on_a_second_reading_passes) {
  Graph g{"g"};
  Stream<Number> model = g.source("read", numbers()).map("model", same());
  model.sink("keep", drop());
  g.source("again", numbers()).map("score", same()).after(model).sink("out", drop());
  BOOST_TEST(sentence(g) == "");
}

BOOST_AUTO_TEST_CASE(a_build_side_that_shares_a_source_is_refused) {
  Graph g{"g"};
  Stream<Number> read = g.source("read", numbers());
  Stream<Number> model = read.map("model", same());
  read.map("held", same()).join("score", model, joining<Number>()).sink("out", drop());
  refused(g, "stage score waits for model to end, while both are fed by read");
}

BOOST_AUTO_TEST_CASE(a_join_of_streams_may_share_a_source) {
  Graph g{"g"};
  Stream<Number> read = g.source("read", numbers());
  read.map("a", same())
      .join("both", read.map("b", same()), joining<Number>(false))
      .sink("out", drop());
  BOOST_TEST(sentence(g) == "");
}

BOOST_AUTO_TEST_CASE(a_build_side_read_a_second_time_passes) {
  Graph g{"g"};
  Stream<Number> model = g.source("read", numbers()).map("model", same());
  g.source("again", numbers()).join("score", model, joining<Number>()).sink("out", drop());
  BOOST_TEST(sentence(g) == "");
}

// pass -> late is one stream; other starts when pass has ended, late when other has: pass cannot
// end, because nobody takes what it gives.
BOOST_AUTO_TEST_CASE(a_wait_that_goes_round_by_another_gate_is_refused) {
  Graph g{"g"};
  Stream<Number> pass = g.source("read", numbers()).map("pass", same());
  Stream<Number> other = g.source("again", numbers()).map("other", same()).after(pass);
  other.sink("keep", drop());
  pass.map("late", same()).after(other).sink("out", drop());
  refused(g, "stage late waits for other to end, while both are fed by read");
}

BOOST_AUTO_TEST_CASE(a_build_side_behind_a_gate_on_the_stream_is_refused) {
  Graph g{"g"};
  Stream<Number> pass = g.source("read", numbers()).map("pass", same());
  Stream<Number> model = g.source("again", numbers()).map("model", same()).after(pass);
  pass.join("score", model, joining<Number>()).sink("out", drop());
  refused(g, "stage score waits for model to end, while both are fed by read");
}

BOOST_AUTO_TEST_CASE(gates_one_after_the_other_pass) {
  Graph g{"g"};
  Stream<Number> first = g.source("one", numbers()).map("first", same());
  Stream<Number> second = g.source("two", numbers()).map("second", same()).after(first);
  Stream<Number> third = g.source("three", numbers()).map("third", same()).after(second);
  for (auto& stream : {first, second, third})
    stream.sink("keep " + std::to_string(stream.stages()[0]), drop());
  BOOST_TEST(sentence(g) == "");
}

BOOST_AUTO_TEST_SUITE_END()
