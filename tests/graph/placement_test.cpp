#include <leat/graph/feeders.hpp>

#include <rapidcheck.h>

#include <numeric>
#include <set>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct Placed {
  Checked checked;
  Layout layout;
  Placement placement;
};

Result<Placed> try_place(const Graph& graph, const std::vector<NodeSpec>& nodes) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, nodes);
  if (!layout) return std::move(layout).error();
  auto placement = place(*checked, *layout, nodes);
  if (!placement) return std::move(placement).error();
  return Placed{std::move(checked).value(), std::move(layout).value(), std::move(placement).value()};
}

Placed placed(const Graph& graph, const std::vector<NodeSpec>& nodes) {
  auto tried = try_place(graph, nodes);
  BOOST_REQUIRE_MESSAGE(tried, (tried ? "" : tried.error().sentence));
  return std::move(tried).value();
}

std::string refusal(const Graph& graph, const std::vector<NodeSpec>& nodes) {
  auto tried = try_place(graph, nodes);
  return tried ? "" : tried.error().sentence;
}

// Cells but feeders with the nodes of their replicas: "s-a @ 0 0 1 | out @ 0".
std::string where(const Placed& p) {
  std::string out;
  for (CellId cell = 0; cell < p.layout.cells.size(); ++cell) {
    if (is_feeder(p.layout, cell)) continue;
    out += cell ? " | " : "";
    std::string chain;
    for (StageId id : p.layout.cells[cell].stages) chain += (chain.empty() ? "" : "-") + p.checked.graph.stages()[id].name;
    out += chain + " @";
    for (NodeId node : p.placement.node_of[cell]) out += " " + std::to_string(node);
  }
  return out;
}

std::string where(const Graph& graph, const std::vector<NodeSpec>& nodes) { return where(placed(graph, nodes)); }

std::size_t feeds(const Placed& p) {
  return static_cast<std::size_t>(std::count_if(p.placement.channels.begin(), p.placement.channels.end(),
                                                [&](const ChannelPlan& c) { return is_feeder(p.layout, c.from.cell); }));
}

Graph pipeline(Replicas count = replicas(1, 64), const std::string& source_on = "") {
  Graph g{"g"};
  g.source("s", numbers()).on(source_on).map("a", same(), count).sink("out", drop());
  return g;
}

const std::vector<NodeSpec> kThree = {{"a", {}, 2, 0}, {"b", {"gpu"}, 2, 0}, {"c", {"disk", "gpu"}, 2, 0}};

}  // namespace

BOOST_AUTO_TEST_SUITE(placement)

BOOST_AUTO_TEST_CASE(one_node_has_everything) {
  Placed p = placed(pipeline(), {{"a", {}, 3, 0}});
  BOOST_TEST(where(p) == "s-a @ 0 0 0 | out @ 0");
  BOOST_TEST(p.placement.local());
  BOOST_TEST(feeds(p) == 0u);
  for (const ChannelPlan& channel : p.placement.channels) BOOST_TEST(!channel.crosses());
}

BOOST_AUTO_TEST_CASE(replicas_follow_the_cpus) {
  BOOST_TEST(where(pipeline(), {{"a", {}, 1, 0}, {"b", {}, 3, 0}}) == "s-a @ 0 1 1 1 | out @ 0");
  BOOST_TEST(where(pipeline(replicas(5)), {{"a", {}, 1, 0}, {"b", {}, 3, 0}, {"c", {}, 4, 0}}) ==
             "s-a @ 0 1 1 2 2 | out @ 0");
}

BOOST_AUTO_TEST_CASE(every_node_has_a_replica_where_there_are_enough) {
  BOOST_TEST(where(pipeline(replicas(3)), {{"a", {}, 1, 0}, {"b", {}, 1, 0}, {"c", {}, 30, 0}}) ==
             "s-a @ 0 1 2 | out @ 0");
  BOOST_TEST(where(pipeline(replicas(2)), {{"a", {}, 1, 0}, {"b", {}, 1, 0}, {"c", {}, 30, 0}}) ==
             "s-a @ 0 2 | out @ 0");
}

BOOST_AUTO_TEST_CASE(a_node_without_cpus_takes_no_cells) {
  BOOST_TEST(where(pipeline(), {{"a", {}, 0, 0}, {"b", {}, 2, 0}}) == "s-a @ 1 1 | out @ 1");
}

BOOST_AUTO_TEST_CASE(a_feeder_pulls_the_source_for_replicas_elsewhere) {
  Placed p = placed(pipeline(), kThree);
  BOOST_TEST(where(p) == "s-a @ 0 0 1 1 2 2 | out @ 0");
  BOOST_TEST(feeds(p) == 4u);
  BOOST_TEST(p.placement.channels.size() == 6u + 4u);
  for (std::size_t i = 6; i < 10; ++i) {
    const ChannelPlan& channel = p.placement.channels[i];
    BOOST_TEST(channel.link == 1u);
    BOOST_TEST(channel.edge == 0u);
    BOOST_TEST((channel.from == ReplicaId{2, 0}));
    BOOST_TEST((channel.to == ReplicaId{0, i - 4}));
    BOOST_TEST(channel.from_node == 0u);
    BOOST_TEST(channel.to_node == p.placement.node_of[0][i - 4]);
    BOOST_TEST((channel.window == kDefaultWindow));
  }
}

BOOST_AUTO_TEST_CASE(a_feeder_is_the_source_alone_on_its_node_with_a_thread_of_its_own) {
  Placed p = placed(pipeline(replicas(6), "disk"), kThree);
  BOOST_REQUIRE(p.layout.cells.size() == 3u);
  const CellPlan& feeder = p.layout.cells[2];
  BOOST_TEST(feeder.stages == std::vector<StageId>{0}, boost::test_tools::per_element());
  BOOST_TEST(feeder.replicas == 1u);
  BOOST_TEST(feeder.blocking);
  BOOST_TEST(p.placement.node_of[2] == std::vector<NodeId>{2}, boost::test_tools::per_element());
  BOOST_TEST(p.layout.cell_of[0] == 0u);
  const LinkPlan& link = p.layout.links[1];
  BOOST_TEST((link.from == 2u && link.to == 0u && link.rule == Dispatch::Rule::balance && !link.merges));
}

BOOST_AUTO_TEST_CASE(there_is_a_feeder_only_where_a_replica_is_apart_from_its_source) {
  BOOST_TEST(placed(pipeline(), {{"a", {}, 3, 0}}).layout.cells.size() == 2u);
  Graph g{"g"};
  g.source("s", numbers()).on("disk").map("a", same()).on("gpu").sink("out", drop());
  Placed apart = placed(g, {{"a", {"gpu"}, 1, 0}, {"b", {"disk"}, 1, 0}});
  BOOST_TEST(feeds(apart) == 0u);
  Graph alone{"alone"};
  alone.source("s", numbers()).isolated().map("a", same(), replicas(4)).sink("out", drop());
  BOOST_TEST(feeds(placed(alone, kThree)) == 0u);
}

BOOST_AUTO_TEST_CASE(a_refused_placement_leaves_the_layout_as_it_was) {
  Checked checked = pipeline().check().value();
  std::vector<NodeSpec> nodes = {{"a", {}, 1, 1}, {"b", {}, 1, 1}};
  Layout layout = layout_of(checked, nodes).value();
  BOOST_REQUIRE(!place(checked, layout, nodes));
  BOOST_TEST(layout.cells.size() == 2u);
  BOOST_TEST(layout.links.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_labelled_source_is_read_where_its_label_is) {
  Placed p = placed(pipeline(replicas(6), "disk"), kThree);
  BOOST_TEST(where(p) == "s-a @ 0 0 1 1 2 2 | out @ 0");
  BOOST_TEST(p.placement.source_node[0] == 2u);
  BOOST_TEST(feeds(p) == 4u);
  for (const ChannelPlan& channel : p.placement.channels) {
    if (is_feeder(p.layout, channel.from.cell)) BOOST_TEST(channel.from_node == 2u);
  }
  auto sources = source_nodes(pipeline(replicas(6), "disk"), kThree);
  BOOST_REQUIRE(sources);
  BOOST_TEST(sources->at(0) == 2u);
  BOOST_TEST(sources->size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_single_replica_stays_with_its_source) {
  BOOST_TEST(where(pipeline(replicas(1), "disk"), kThree) == "s-a-out @ 2");
  BOOST_TEST(where(pipeline(replicas(2), "disk"), kThree) == "s-a @ 0 2 | out @ 0");
}

BOOST_AUTO_TEST_CASE(a_labelled_stage_runs_where_its_label_is) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), replicas(1, 64)).on("gpu").sink("out", drop()).on("gpu+disk");
  BOOST_TEST(where(g, kThree) == "s @ 0 | a @ 1 1 2 2 | out @ 2");
}

BOOST_AUTO_TEST_CASE(a_label_breaks_a_chain_in_one_process_too) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same()).map("b", same()).on("gpu").map("c", same()).on("gpu").sink("out", drop());
  BOOST_TEST(where(g, {{"a", {"gpu"}, 1, 0}}) == "s-a @ 0 | b-c @ 0 | out @ 0");
}

BOOST_AUTO_TEST_CASE(a_label_on_a_fold_goes_to_what_combines_it_too) {
  Graph g{"g"};
  auto fold = passing<Number>(Sharing::combinable);
  fold.combine = std::make_shared<StageKind>(passing<Number>(Sharing::single));
  g.source("s", numbers()).map("a", same(), replicas(2)).map("f", fold).on("gpu").sink("out", drop());
  BOOST_TEST(g.stages()[2].on == "gpu");
  BOOST_TEST(g.stages()[3].on == "gpu");
  BOOST_TEST(g.stages()[1].on == "");
}

BOOST_AUTO_TEST_CASE(forward_channels_stay_on_their_node) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(5))
      .map("b", same(), replicas(5))
      .isolated()
      .sink("out", drop());
  Placed p = placed(g, {{"a", {}, 1, 0}, {"b", {}, 1, 0}, {"c", {}, 2, 0}});
  BOOST_TEST(p.placement.node_of[0] == p.placement.node_of[1]);
  for (const ChannelPlan& channel : p.placement.channels) {
    bool forward = p.layout.links[channel.link].rule == Dispatch::Rule::forward;
    if (forward) BOOST_TEST(!channel.crosses());
  }
}

BOOST_AUTO_TEST_CASE(a_cell_fed_replica_by_replica_follows_the_one_above_to_its_sources_node) {
  Graph g{"g"};
  g.source("s", numbers())
      .on("disk")
      .map("a", same(), replicas(2))
      .map("b", same(), replicas(2))
      .isolated()
      .sink("out", drop());
  BOOST_TEST(where(g, kThree) == "s-a @ 0 2 | b @ 0 2 | out @ 0");
}

BOOST_AUTO_TEST_CASE(only_channels_that_cross_nodes_are_compressed) {
  Graph g{"g"};
  g.source("s", numbers()).compressed().map("a", same(), replicas(4)).compressed().sink("out", drop());
  Placed p = placed(g, {{"a", {}, 2, 0}, {"b", {}, 2, 0}});
  for (const ChannelPlan& channel : p.placement.channels) BOOST_TEST(channel.compress == channel.crosses());
  BOOST_TEST(feeds(p) == 2u);
}

BOOST_AUTO_TEST_CASE(a_label_no_node_has_is_refused_by_name) {
  Graph g{"g"};
  g.source("s", numbers()).map("fit", same()).on("fpga").sink("out", drop());
  BOOST_TEST(refusal(g, kThree) ==
             "graph g: stage fit is on \"fpga\", and no node has that label: there are a (no labels), b (gpu), "
             "c (disk, gpu)");
  BOOST_TEST(refusal(pipeline(replicas(1), "fpga"), {{"a", {"gpu"}, 0, 0}}) ==
             "graph g: stage s is on \"fpga\", and no node has that label: there are a (gpu, no cpus)");
}

BOOST_AUTO_TEST_CASE(labels_no_node_has_together_are_refused_with_the_chain) {
  Graph g{"g"};
  g.source("s", numbers()).map("parse", same()).on("gpu+disk").map("fit", same()).on("gpu+disk").sink("out", drop());
  BOOST_TEST(refusal(g, {{"a", {"gpu"}, 1, 0}, {"b", {"disk"}, 1, 0}}) ==
             "graph g: the chain parse, fit is on \"gpu\" and \"disk\", and no node has both: there are a (gpu), "
             "b (disk)");
  Graph three{"three"};
  three.source("s", numbers()).on("x+y+z").sink("out", drop());
  BOOST_TEST(refusal(three, {{"a", {"x", "y"}, 1, 0}}) ==
             "graph three: stage s is on \"x\", \"y\" and \"z\", and no node has all of them: there are a (x, y)");
}

BOOST_AUTO_TEST_CASE(no_nodes_at_all_are_refused) {
  BOOST_TEST(refusal(pipeline(), {}) == "graph g: stage s has no node to run on: start a node");
  BOOST_TEST(refusal(pipeline(), {{"a", {}, 0, 0}}) ==
             "graph g: stage s has no node to run on: there are a (no labels, no cpus)");
}

BOOST_AUTO_TEST_CASE(what_is_no_label_is_refused) {
  for (const char* bad : {"a b", "+", "a+", "+a", "a++b", "a,b", "\xc3\xa9"}) {
    refused(pipeline(replicas(1), bad), "which is no label");
  }
  BOOST_TEST(sentence(pipeline(replicas(1), "a-1.b_c+D")) == "");
}

BOOST_AUTO_TEST_CASE(a_feeders_window_must_hold_a_chunk) {
  Graph g{"g"};
  g.source("s", numbers(4096)).credit(100, 1).map("a", same(), replicas(2)).sink("out", drop());
  BOOST_TEST(refusal(g, {{"a", {}, 2, 0}}) == "");
  BOOST_TEST(refusal(g, {{"a", {}, 1, 0}, {"b", {}, 1, 0}}) ==
             "graph g: the edge from s to a crosses nodes and has credit for 100 bytes, less than one chunk of "
             "4096: raise its credit");
}

BOOST_AUTO_TEST_CASE(a_feeders_window_is_four_chunks_or_two_large_ones_and_half_of_that_where_order_is_kept) {
  auto window = [](std::uint64_t chunk, bool ordered) {
    Graph g{"g"};
    auto pool = ordered ? replicas(2).ordered() : replicas(2);
    g.source("s", numbers(chunk)).map("a", same(), pool).sink("out", drop());
    Placed p = placed(g, {{"a", {}, 1, 0}, {"b", {}, 1, 0}});
    for (const ChannelPlan& channel : p.placement.channels) {
      if (is_feeder(p.layout, channel.from.cell)) return channel.window.bytes;
    }
    return std::uint64_t{0};
  };
  constexpr std::uint64_t kKib = 1024;
  BOOST_TEST(window(4 * kKib, false) == kDefaultWindow.bytes);
  BOOST_TEST(window(256 * kKib, false) == 1024 * kKib);
  BOOST_TEST(window(256 * kKib, true) == 512 * kKib);
  BOOST_TEST(window(768 * kKib, false) == 2048 * kKib);
  BOOST_TEST(window(1280 * kKib, false) == 2560 * kKib);
  BOOST_TEST(window(1280 * kKib, true) == 1280 * kKib);
}

// The shape of examples/regression: two passes over a file, a fold with its combining stage, a gate, and a
// join that is told the result.
BOOST_AUTO_TEST_CASE(a_regression_spreads_its_passes_and_gathers_its_results_at_home) {
  Graph g{"regression"};
  auto fold = passing<Number>(Sharing::combinable);
  fold.combine = std::make_shared<StageKind>(passing<Number>(Sharing::single));
  auto scoring = joining<Number>();
  scoring.sharing = Sharing::combinable;
  scoring.combine = fold.combine;
  Stream<Number> model = g.source("read", numbers()).map("parse", passing<Number>(), replicas(1, 8)).fold("train", fold);
  model.sink("model", drop());
  g.source("read again", numbers())
      .map("parse again", passing<Number>(), replicas(1, 8))
      .after(model)
      .join("score", model, scoring)
      .sink("report", drop());
  Placed p = placed(g, {{"a", {}, 2, 0}, {"b", {}, 2, 0}, {"c", {}, 2, 0}});
  BOOST_TEST(where(p) ==
             "read-parse-train @ 0 0 1 1 2 2 | train combine @ 0 | model @ 0 | "
             "read again-parse again-score @ 0 0 1 1 2 2 | score combine-report @ 0");
  BOOST_TEST(feeds(p) == 8u);
  std::size_t cross = 0;
  for (const ChannelPlan& channel : p.placement.channels) cross += channel.crosses();
  // Four partial sums, the model to four replicas, four partial scores, and two feeders.
  BOOST_TEST(cross == 4u + 4u + 4u + 8u);
}

BOOST_AUTO_TEST_CASE(an_ordered_chain_is_fed_as_any_other) {
  Placed p = placed(pipeline(replicas(1, 8).ordered()), kThree);
  BOOST_TEST(p.layout.cells[0].keeps_order);
  BOOST_TEST(p.layout.links[0].merges);
  BOOST_TEST(feeds(p) == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
