#include <leat/graph/fingerprint.hpp>
#include <leat/graph/layout.hpp>

#include "sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Kind<Number, Number> folding() {
  auto fold = passing<Number>(Sharing::combinable);
  fold.combine = std::make_shared<StageKind>(passing<Number>(Sharing::single));
  return fold;
}

const Stage& named(const Graph& g, const std::string& name) {
  for (const Stage& stage : g.stages()) {
    if (stage.name == name) return stage;
  }
  throw std::logic_error("no stage " + name);
}

StageId id_of(const Graph& g, const std::string& name) {
  return static_cast<StageId>(&named(g, name) - g.stages().data());
}

const Dispatch& between(const Graph& g, const std::string& from, const std::string& to) {
  for (const Edge& edge : g.edges()) {
    if (g.stages()[edge.from].name == from && g.stages()[edge.to].name == to) return edge.dispatch;
  }
  throw std::logic_error("no edge from " + from + " to " + to);
}

// All settings of stages at once.
Stream<Number> set(const Stream<Number>& stream, const Stream<Number>& gate) {
  return stream.after(gate).on("gpu").state(11).emits_at_most(12).blocking();
}

bool is_set(const Graph& g, const std::string& name, const std::string& gate) {
  const Stage& stage = named(g, name);
  return stage.after == std::vector<StageId>{id_of(g, gate)} && stage.on == "gpu" && stage.state == 11u &&
         stage.max_output == 12u && stage.isolated && stage.blocking;
}

bool is_unset(const Graph& g, const std::string& name) {
  const Stage& stage = named(g, name);
  return stage.after.empty() && stage.on.empty() && !stage.state && !stage.max_output && !stage.isolated &&
         !stage.blocking;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_settings)

BOOST_AUTO_TEST_CASE(a_setting_that_is_thrown_away_sets_nothing) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers());
  Stream<Number> stream = g.source("s", numbers()).map("a", same());
  (void)set(stream, gate).credit(1, 2).compressed().broadcast();
  stream.sink("out", drop());
  BOOST_TEST(is_unset(g, "a"));
  BOOST_TEST(!between(g, "a", "out").window);
  BOOST_TEST(!between(g, "a", "out").compress);
  BOOST_TEST((between(g, "a", "out").rule == Dispatch::Rule::forward));
}

BOOST_AUTO_TEST_CASE(a_setting_of_a_stage_holds_once_its_stream_is_used) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers());
  Stream<Number> stream = g.source("s", numbers()).map("a", same());
  Stream<Number> changed = set(stream, gate);
  stream.sink("one", drop());
  BOOST_TEST(is_unset(g, "a"));
  changed.sink("two", drop());
  BOOST_TEST(is_set(g, "a", "first"));
  changed.sink("three", drop());
  BOOST_TEST(is_set(g, "a", "first"));
}

BOOST_AUTO_TEST_CASE(to_be_waited_for_is_a_use) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers()).map("model", same());
  g.source("s", numbers()).map("a", same()).after(gate.on("gpu")).sink("out", drop()).after(gate.state(5));
  BOOST_TEST(named(g, "model").on == "gpu");
  BOOST_TEST(named(g, "model").state.value_or(0) == 5u);
  BOOST_TEST(named(g, "a").after.size() == 1u);
  BOOST_TEST(named(g, "out").after.size() == 1u);
}

BOOST_AUTO_TEST_CASE(settings_are_of_each_stage_of_a_merge) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers());
  Stream<Number> a = g.source("a", numbers());
  Stream<Number> b = g.source("b", numbers());
  Stream<Number> c = g.source("c", numbers());
  set(a.merge(b, c), gate).credit(7, 8).compressed().sink("out", drop());
  for (const char* name : {"a", "b", "c"}) {
    BOOST_TEST(is_set(g, name, "first"));
    BOOST_TEST(between(g, name, "out").window->bytes == 7u);
    BOOST_TEST(between(g, name, "out").compress);
  }
}

BOOST_AUTO_TEST_CASE(what_was_set_before_a_merge_stays_with_its_stream) {
  Graph g{"g"};
  Stream<Number> a = g.source("a", numbers());
  Stream<Number> b = g.source("b", numbers());
  a.credit(7, 8).state(1).merge(b.broadcast().isolated()).compressed().sink("out", drop());
  BOOST_TEST(between(g, "a", "out").window->chunks == 8u);
  BOOST_TEST((between(g, "a", "out").rule == Dispatch::Rule::forward));
  BOOST_TEST(!between(g, "b", "out").window);
  BOOST_TEST((between(g, "b", "out").rule == Dispatch::Rule::broadcast));
  BOOST_TEST((between(g, "a", "out").compress && between(g, "b", "out").compress));
  BOOST_TEST((named(g, "a").state && !named(g, "b").state));
  BOOST_TEST((named(g, "b").isolated && !named(g, "a").isolated));
}

BOOST_AUTO_TEST_CASE(settings_after_a_fold_are_the_folds) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers());
  set(g.source("s", numbers()).map("f", folding()), gate).sink("out", drop());
  BOOST_TEST(is_set(g, "f", "first"));
  const Stage& combiner = named(g, "f combine");
  BOOST_TEST((combiner.after.empty() && !combiner.state && !combiner.max_output && !combiner.isolated));
  BOOST_TEST((combiner.combines == id_of(g, "f")));
}

BOOST_AUTO_TEST_CASE(settings_after_combiner_are_the_combiners) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers());
  Stream<Number> fold = g.source("s", numbers()).map("f", folding());
  set(fold.state(3).combiner(), gate).credit(7, 8).sink("out", drop());
  BOOST_TEST(is_set(g, "f combine", "first"));
  const Stage& folds = named(g, "f");
  BOOST_TEST(folds.state.value_or(0) == 3u);
  BOOST_TEST((folds.after.empty() && folds.on.empty() && !folds.max_output && !folds.isolated));
  BOOST_TEST(between(g, "f combine", "out").window->bytes == 7u);
  BOOST_TEST(!between(g, "f", "f combine").window);
}

BOOST_AUTO_TEST_CASE(a_gate_after_a_fold_holds_the_fold_back) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers());
  gate.sink("kept", drop());
  g.source("s", numbers()).map("a", same(), replicas(2)).map("f", folding()).after(gate).sink("out", drop());
  auto checked = g.check();
  BOOST_REQUIRE(checked);
  auto layout = layout_of(*checked, 2);
  BOOST_REQUIRE(layout);
  const CellPlan& cell = layout->cells[layout->cell_of[id_of(g, "f")]];
  BOOST_TEST(cell.gates == std::vector<StageId>{id_of(g, "first")}, boost::test_tools::per_element());
  BOOST_TEST(layout->cells[layout->cell_of[id_of(g, "f combine")]].gates.empty());
}

BOOST_AUTO_TEST_CASE(a_join_may_have_a_combiner_too) {
  Graph g{"g"};
  auto kind = joining<Number>();
  kind.sharing = Sharing::combinable;
  kind.combine = std::make_shared<StageKind>(passing<Number>(Sharing::single));
  Stream<Number> side = g.source("side", numbers());
  g.source("s", numbers()).join("f", side, kind).state(3).combiner().state(4).sink("out", drop());
  BOOST_TEST(sentence(g) == "");
  BOOST_TEST(named(g, "f").state.value_or(0) == 3u);
  BOOST_TEST(named(g, "f combine").state.value_or(0) == 4u);
}

BOOST_AUTO_TEST_CASE(a_combiner_goes_where_its_fold_goes_unless_it_has_a_label_of_its_own) {
  Graph g{"g"};
  Stream<Number> s = g.source("s", numbers());
  s.map("both", folding()).on("gpu").sink("1", drop());
  s.map("apart", folding()).on("gpu").combiner().on("disk").sink("2", drop());
  s.map("anywhere", folding()).on("gpu").combiner().on("").sink("3", drop());
  Stream<Number> later = s.map("later", folding());
  later.combiner().on("disk").sink("4", drop());
  later.on("gpu").sink("5", drop());
  BOOST_TEST(named(g, "both combine").on == "gpu");
  BOOST_TEST(named(g, "apart").on == "gpu");
  BOOST_TEST(named(g, "apart combine").on == "disk");
  BOOST_TEST(named(g, "anywhere").on == "gpu");
  BOOST_TEST(named(g, "anywhere combine").on == "");
  BOOST_TEST(named(g, "later").on == "gpu");
  BOOST_TEST(named(g, "later combine").on == "disk");
}

BOOST_AUTO_TEST_CASE(a_stage_without_a_combiner_is_refused_one) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same()).combiner().state(1).sink("out", drop());
  refused(g, "graph g: stage a has no combiner: leave .combiner() out");
}

BOOST_AUTO_TEST_CASE(settings_of_an_end_hold_at_once) {
  Graph g{"g"};
  Stream<Number> gate = g.source("first", numbers());
  g.source("s", numbers()).sink("out", drop()).after(gate).on("gpu").state(11).blocking();
  const Stage& out = named(g, "out");
  BOOST_TEST((out.after.size() == 1u && out.on == "gpu" && out.state == 11u && out.isolated && out.blocking));
}

BOOST_AUTO_TEST_SUITE_END()
