// What lies below a tee: as many replicas as above, on the same nodes.
#include <leat/graph/elastic.hpp>
#include <leat/graph/placement.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct Laid {
  Graph graph;
  Checked checked;
  Layout layout;

  const CellPlan& cell(const std::string& stage) const {
    for (const CellPlan& cell : layout.cells) {
      for (StageId id : cell.stages) {
        if (graph.stages()[id].name == stage) return cell;
      }
    }
    throw std::out_of_range(stage);
  }
  std::size_t replicas_of(const std::string& stage) const { return cell(stage).replicas; }
  // The rules by which a stage's cell is fed.
  std::vector<Dispatch::Rule> rules(const std::string& stage) const {
    std::vector<Dispatch::Rule> found;
    for (const LinkPlan& link : layout.links) {
      if (&layout.cells[link.to] == &cell(stage)) found.push_back(link.rule);
    }
    return found;
  }
};

Laid laid(const Graph& graph, std::size_t threads = 2) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, threads);
  BOOST_REQUIRE_MESSAGE(layout, (layout ? "" : layout.error().sentence));
  return {graph, *checked, std::move(layout).value()};
}

const std::vector<Dispatch::Rule> kForward = {Dispatch::Rule::forward};
const std::vector<Dispatch::Rule> kBalance = {Dispatch::Rule::balance};

Graph teed(Replicas count = replicas(1, 8)) {
  Graph g{"g"};
  Stream<Number> rows = g.source("s", numbers()).map("parse", same(), count);
  rows.map("hour", same()).map("more", same()).sink("left", drop());
  rows.map("day", same()).fold("sum", passing<Number>(Sharing::combinable)).sink("right", drop());
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tee)

BOOST_AUTO_TEST_CASE(stages_below_a_tee_take_over_the_replicas_above) {
  for (std::size_t threads : {1, 2, 5}) {
    Laid all = laid(teed(), threads);
    for (const char* stage : {"parse", "hour", "more", "day", "sum"})
      BOOST_TEST(all.replicas_of(stage) == threads);
    BOOST_TEST((all.rules("hour") == kForward));
    BOOST_TEST((all.rules("day") == kForward));
    BOOST_TEST(all.replicas_of("left") == 1u);
    BOOST_TEST(&all.cell("hour") == &all.cell("more"));
    BOOST_TEST(&all.cell("day") == &all.cell("sum"));
    BOOST_TEST(&all.cell("hour") != &all.cell("parse"));
  }
}

BOOST_AUTO_TEST_CASE(chunks_stay_on_their_node_below_a_tee) {
  std::vector<NodeSpec> nodes = {{"a", {}, 2, 0}, {"b", {}, 2, 0}, {"c", {}, 2, 0}};
  auto checked = teed().check();
  BOOST_REQUIRE(checked);
  auto layout = layout_of(*checked, nodes);
  BOOST_REQUIRE(layout);
  auto placed = place(*checked, *layout, nodes);
  BOOST_REQUIRE(placed);
  std::size_t local = 0;
  for (const ChannelPlan& channel : placed->channels) {
    const std::string& to = checked->graph.stages()[checked->graph.edges()[channel.edge].to].name;
    if (to != "hour" && to != "day") continue;
    BOOST_TEST(!channel.crosses());
    ++local;
  }
  BOOST_TEST(local == 12u);
}

BOOST_AUTO_TEST_CASE(what_folds_below_a_tee_folds_in_every_replica) {
  Graph g{"g"};
  Stream<Number> rows = g.source("s", numbers()).map("parse", same(), replicas(3));
  rows.fold("sum", passing<Number>(Sharing::combinable)).sink("left", drop());
  rows.sink("right", drop());
  Laid all = laid(g);
  BOOST_TEST(all.replicas_of("sum") == 3u);
  BOOST_TEST((all.rules("sum") == kForward));
  BOOST_TEST((all.rules("right") == kBalance));
}

BOOST_AUTO_TEST_CASE(an_order_is_restored_at_a_tee) {
  Laid all = laid(teed(replicas(3).ordered()));
  BOOST_TEST(all.replicas_of("parse") == 3u);
  BOOST_TEST(all.replicas_of("hour") == 1u);
  BOOST_TEST(all.replicas_of("sum") == 1u);
  for (const LinkPlan& link : all.layout.links) {
    if (&all.layout.cells[link.from] == &all.cell("parse")) BOOST_TEST(link.merges);
  }
  Graph g{"g"};
  Stream<Number> rows = g.source("s", numbers()).map("parse", same(), replicas(3));
  rows.map("hour", same(), Replicas{}.ordered()).sink("left", drop());
  rows.sink("right", drop());
  BOOST_TEST(laid(g).replicas_of("hour") == 1u);
}

BOOST_AUTO_TEST_CASE(isolated_labelled_and_stateful_stages_below_a_tee_stay_single) {
  Graph g{"g"};
  Stream<Number> rows = g.source("s", numbers()).map("parse", same(), replicas(3));
  rows.map("alone", same()).isolated().sink("a", drop());
  rows.map("elsewhere", same()).on("gpu").sink("b", drop());
  rows.map("counting", [n = 0](Number number) mutable { return ++n, number; }).sink("c", drop());
  rows.map("told", same(), replicas(2)).sink("d", drop());
  Laid all = laid(g);
  for (const char* stage : {"alone", "elsewhere", "counting"}) {
    BOOST_TEST(all.replicas_of(stage) == 1u);
    BOOST_TEST((all.rules(stage) == kBalance));
  }
  BOOST_TEST(all.replicas_of("told") == 2u);
  BOOST_TEST((all.rules("told") == kBalance));
}

BOOST_AUTO_TEST_CASE(a_source_that_feeds_two_stages_is_one) {
  Graph g{"g"};
  Stream<Number> read = g.source("s", numbers());
  read.map("a", same()).sink("left", drop());
  read.map("b", same(), replicas(3)).sink("right", drop());
  Laid all = laid(g);
  BOOST_TEST(all.replicas_of("s") == 1u);
  BOOST_TEST(all.replicas_of("a") == 1u);
  BOOST_TEST((all.rules("b") == kBalance));
}

BOOST_AUTO_TEST_CASE(a_pool_that_feeds_replica_by_replica_keeps_its_size) {
  Laid all = laid(teed());
  for (const ElasticCell& pool : elastic_cells(all.checked, all.layout)) {
    BOOST_TEST(&all.layout.cells[pool.cell] != &all.cell("parse"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
