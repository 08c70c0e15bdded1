#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

BOOST_AUTO_TEST_SUITE(check)

BOOST_AUTO_TEST_CASE(a_sound_graph_passes_and_is_described) {
  Graph g{"sound"};
  g.source("read", tables({{"x"}, {"y"}})).map("pass", passing<Table>()).sink("out", drop_table());
  auto checked = g.check();
  BOOST_REQUIRE(checked);
  BOOST_TEST(checked->described[1].output.fields.size() == 2u);
  BOOST_TEST(static_cast<bool>(checked->sources[0]));
  BOOST_TEST(!checked->sources[1]);
}

BOOST_AUTO_TEST_CASE(an_empty_graph_is_refused) {
  refused(Graph{"nothing"}, "graph nothing has no stages");
}

BOOST_AUTO_TEST_CASE(a_stage_without_a_name_is_refused) {
  Graph g{"g"};
  g.source("", numbers()).sink("out", drop());
  refused(g, "a stage has no name");
}

BOOST_AUTO_TEST_CASE(two_stages_with_one_name_are_refused) {
  Graph g{"g"};
  g.source("read", numbers()).map("twice", same()).map("twice", same()).sink("out", drop());
  refused(g, "graph g: stage twice is there twice");
}

BOOST_AUTO_TEST_CASE(an_output_that_nothing_takes_is_refused) {
  Graph g{"g"};
  g.source("read", numbers()).map("lost", same());
  refused(g, "stage lost gives Number that nothing takes");
}

BOOST_AUTO_TEST_CASE(an_input_that_nothing_feeds_is_refused) {
  Graph g{"g"};
  StageId join = g.add({"join", joining<Number>(), {}, false, false, {}, {}, {}, {}});
  Stream<Number> read = g.source("read", numbers());
  read.connect(join, 0);
  Stream<Number>(g, {join}).sink("out", drop());
  refused(g, "stage join has nothing on input 1");
}

BOOST_AUTO_TEST_CASE(a_port_that_is_not_there_is_refused) {
  Graph g{"g"};
  Stream<Number> read = g.source("read", numbers());
  Stream<Number> pass = read.map("pass", passing<Number>());
  pass.sink("out", drop());
  read.connect(pass.stages()[0], 3);
  refused(g, "stage pass has no input 3 for read");
}

BOOST_AUTO_TEST_CASE(an_edge_to_nowhere_is_refused) {
  Graph g{"g"};
  g.source("read", numbers()).sink("out", drop());
  g.connect({0, 9, 0, {}});
  refused(g, "an edge leads to a stage that is not there");
}

BOOST_AUTO_TEST_CASE(a_sink_cannot_feed_a_stage) {
  Graph g{"g"};
  g.source("read", numbers()).sink("out", drop());
  StageId more = g.add({"more", passing<Number>(), {}, false, false, {}, {}, {}, {}});
  g.connect({1, more, 0, {}});
  refused(g, "stage out is a sink and cannot feed more");
}

BOOST_AUTO_TEST_CASE(another_payload_is_refused_by_its_name) {
  Graph g{"g"};
  Stream<Number> read = g.source("read", numbers());
  StageId pass = g.add({"pass", passing<Table>(), {}, false, false, {}, {}, {}, {}});
  read.connect(pass, 0);
  Stream<Table>(g, {pass}).sink("out", drop_table());
  refused(g, "stage pass takes Table but read gives Number");
}

BOOST_AUTO_TEST_CASE(a_stage_with_neither_inputs_nor_a_source_is_refused) {
  Graph g{"g"};
  auto kind = stage_kind<Number>("broken", "");
  g.source("read", std::move(kind)).sink("out", drop());
  refused(g, "stage read has neither inputs nor a source");
}

BOOST_AUTO_TEST_CASE(a_cycle_is_refused) {
  Graph g{"g"};
  Stream<Number> read = g.source("read", numbers());
  Stream<Number> a = read.map("a", same());
  Stream<Number> b = a.map("b", same());
  b.connect(a.stages()[0], 0);
  b.sink("out", drop());
  refused(g, "waits for itself: the edges and gates form a cycle");
}

BOOST_AUTO_TEST_CASE(a_gate_on_what_lies_below_is_a_cycle) {
  Graph g{"g"};
  Stream<Number> a = g.source("read", numbers()).map("a", same());
  Stream<Number> b = a.map("b", same());
  b.sink("out", drop());
  a.after(b).sink("also", drop());
  refused(g, "waits for itself");
}

BOOST_AUTO_TEST_CASE(a_source_that_cannot_be_probed_is_refused_with_its_own_words) {
  struct Missing final : Source {
    Result<Description> probe() override { return failed("cannot open data.csv: no such file"); }
    Result<Step> pull(Outbox&) override { return Step::done; }
  };
  Graph g{"g"};
  auto kind = stage_kind<Number>("missing", "");
  kind.source = [] { return std::make_unique<Missing>(); };
  g.source("read", std::move(kind)).sink("out", drop());
  BOOST_TEST(sentence(g) == "cannot open data.csv: no such file");
}

BOOST_AUTO_TEST_CASE(what_a_kind_says_of_its_inputs_is_told_with_the_stage) {
  Graph g{"g"};
  auto kind = passing<Table>();
  kind.describe = [](const std::vector<Description>&) -> Result<leat::Described> {
    return invalid("there is no column y");
  };
  g.source("read", tables({{"x"}})).map("train", std::move(kind)).sink("out", drop_table());
  refused(g, "graph g: stage train: there is no column y");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_stage_has_it_as_its_subject) {
  Graph g{"g"};
  g.source("s", numbers()).map("m", passing<Number>()).sink("sink", drop());
  g.stage(1).replicas = replicas(3, 2);
  auto checked = g.check();
  BOOST_REQUIRE(!checked);
  BOOST_TEST(checked.error().sentence.find("graph g: stage m may have ") == 0u);
  BOOST_TEST((checked.error().subject() == Subject{.graph = "g", .stage = "m"}));
}

BOOST_AUTO_TEST_CASE(what_a_kind_finds_wrong_has_its_stage_as_its_subject) {
  Graph g{"g"};
  auto kind = passing<Number>();
  kind.describe = [](const std::vector<Description>&) -> Result<Described> {
    return invalid("no").about({.option = "o"});
  };
  g.source("s", numbers()).map("m", kind).sink("sink", drop());
  auto error = g.check().error();
  BOOST_TEST(error.sentence == "graph g: stage m: no");
  BOOST_TEST((error.subject() == Subject{.graph = "g", .stage = "m", .option = "o"}));
}

BOOST_AUTO_TEST_CASE(a_graph_without_a_name_is_not_named) {
  Graph g{""};
  g.source("s", numbers()).map("m", passing<Number>()).sink("sink", drop());
  g.stage(1).replicas = replicas(3, 2);
  BOOST_TEST(g.check().error().sentence.find("stage m may have ") == 0u);
}

BOOST_AUTO_TEST_CASE(a_graph_of_thousands_of_stages_is_looked_through_once) {
  constexpr int kStages = 10'000;
  Graph g{"long"};
  auto last = g.source("read", numbers());
  for (int i = 0; i < kStages; ++i) last = last.map("pass " + std::to_string(i), passing<Number>());
  last.sink("out", drop());
  BOOST_TEST(sentence(g) == "");
}

BOOST_AUTO_TEST_SUITE_END()
