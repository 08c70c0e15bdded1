// Replicas that come and go: what is elastic, and what numbers they get.
#include <leat/graph/elastic.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

const std::vector<NodeSpec> kTwo = {{"a", {}, 2, 0}, {"b", {"gpu"}, 1, 0}};

struct Placed {
  Checked checked;
  Layout layout;
  Placement placement;

  std::vector<ElasticCell> elastic() const { return elastic_cells(checked, layout); }
  Result<Growth> grown(CellId cell, NodeId node) const { return grow(checked, layout, placement, cell, node); }
  Result<Shrinking> shrunk(ReplicaId replica) const { return shrink(checked, layout, placement, replica); }
  void take(Growth growth) {
    layout = std::move(growth.layout);
    placement = std::move(growth.placement);
  }
};

Placed placed(const Graph& graph, const std::vector<NodeSpec>& nodes = kTwo) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, nodes);
  BOOST_REQUIRE_MESSAGE(layout, (layout ? "" : layout.error().sentence));
  auto placement = place(*checked, *layout, nodes);
  BOOST_REQUIRE_MESSAGE(placement, (placement ? "" : placement.error().sentence));
  return {std::move(checked).value(), std::move(layout).value(), std::move(placement).value()};
}

std::string refusal(const Result<Growth>& growth) { return growth ? "" : growth.error().sentence; }

bool says(const std::string& sentence, const std::string& part) { return sentence.find(part) != std::string::npos; }

Graph pulled(Replicas count = replicas(2, 8).ordered()) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), count).sink("out", drop());
  return g;
}

Graph fed(Replicas count = replicas(2, 8)) {
  Graph g{"g"};
  g.source("s", numbers()).isolated().map("a", same(), count).sink("out", drop());
  return g;
}

// Channels as "from>to@nodes": "0.0>1.2@01".
std::set<std::string> shown(const std::vector<ChannelPlan>& channels, std::size_t first) {
  std::set<std::string> out;
  for (std::size_t i = first; i < channels.size(); ++i) {
    const ChannelPlan& c = channels[i];
    out.insert(std::to_string(c.from.cell) + "." + std::to_string(c.from.replica) + ">" +
               std::to_string(c.to.cell) + "." + std::to_string(c.to.replica) + "@" + std::to_string(c.from_node) +
               std::to_string(c.to_node));
  }
  return out;
}

using Set = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(elastic)

BOOST_AUTO_TEST_CASE(a_chain_of_two_pools_keeps_to_the_narrower_of_their_ranges) {
  for (bool wide_first : {true, false}) {
    Graph g{"g"};
    Replicas wide = replicas(1, 8);
    Replicas narrow = replicas(2, 4);
    g.source("s", numbers())
        .map("a", same(), wide_first ? wide : narrow)
        .map("b", same(), wide_first ? narrow : wide)
        .sink("out", drop());
    Placed all = placed(g);
    BOOST_TEST_REQUIRE(all.layout.cells[0].stages.size() == 3u);
    BOOST_TEST((all.elastic() == std::vector<ElasticCell>{{0, 2, 4}}));
  }
}

BOOST_AUTO_TEST_CASE(replicas_that_pull_a_source_and_those_fed_by_a_balanced_link_are_elastic) {
  BOOST_TEST((placed(pulled()).elastic() == std::vector<ElasticCell>{{0, 2, 8}}));
  BOOST_TEST((placed(fed()).elastic() == std::vector<ElasticCell>{{1, 2, 8}}));
}

BOOST_AUTO_TEST_CASE(a_pool_without_room_is_not_elastic) {
  BOOST_TEST(placed(pulled(replicas(3))).elastic().empty());
  BOOST_TEST(placed(pulled({})).elastic().empty());
}

BOOST_AUTO_TEST_CASE(what_keeps_state_is_not_elastic) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", passing<Number>(Sharing::combinable), replicas(2, 8)).sink("out", drop());
  BOOST_TEST(placed(g).elastic().empty());
}

BOOST_AUTO_TEST_CASE(what_is_chained_to_a_sink_is_not_elastic) {
  Placed p = placed(pulled(replicas(1, 8)), {{"a", {}, 1, 0}});
  BOOST_REQUIRE(p.layout.cells.size() == 1u);
  BOOST_TEST(p.elastic().empty());
}

BOOST_AUTO_TEST_CASE(a_single_replica_that_is_to_keep_order_is_not_elastic) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), replicas(1, 8).ordered()).isolated().sink("out", drop());
  BOOST_TEST(placed(g, {{"a", {}, 1, 0}}).elastic().empty());
  BOOST_TEST(placed(g, {{"a", {}, 2, 0}}).elastic().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_fed_or_feeds_replica_by_replica_is_not_elastic) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(2, 8))
      .map("b", same(), replicas(2, 8))
      .isolated()
      .sink("out", drop());
  Placed p = placed(g);
  BOOST_REQUIRE((p.layout.links.at(0).rule == Dispatch::Rule::forward));
  BOOST_TEST(p.elastic().empty());
}

BOOST_AUTO_TEST_CASE(what_has_a_build_side_is_not_elastic) {
  Graph g{"g"};
  auto side = g.source("side", numbers());
  g.source("s", numbers()).isolated().join("a", side, joining<Number>(), replicas(2, 8)).sink("out", drop());
  BOOST_TEST(placed(g).elastic().empty());
}

BOOST_AUTO_TEST_CASE(a_new_replica_elsewhere_gets_a_feeder_and_a_way_down) {
  Placed p = placed(pulled(), {{"a", {}, 2, 0}});
  p.placement.nodes.push_back({"late", {}, 1, 0});
  std::size_t before = p.placement.channels.size();
  auto growth = p.grown(0, 1);
  BOOST_REQUIRE_MESSAGE(growth, refusal(growth));
  BOOST_TEST((growth->replica == ReplicaId{0, 2}));
  BOOST_TEST(growth->first_channel == before);
  BOOST_TEST((shown(growth->placement.channels, before) == Set{"0.2>1.0@10", "2.0>0.2@01"}));
  BOOST_TEST(growth->layout.cells[0].replicas == 3u);
  BOOST_TEST((growth->placement.node_of[0] == std::vector<NodeId>{0, 0, 1}));
  BOOST_TEST((growth->added == std::vector<ReplicaId>{{0, 2}, {2, 0}}));
  BOOST_TEST((growth->placement.node_of[2] == std::vector<NodeId>{0}));
}

BOOST_AUTO_TEST_CASE(a_feeder_ends_with_the_last_replica_it_feeds_and_comes_again) {
  Placed p = placed(pulled(), {{"a", {}, 2, 0}});
  p.placement.nodes.push_back({"late", {}, 2, 0});
  p.take(p.grown(0, 1).value());
  auto second = p.grown(0, 1).value();
  BOOST_TEST((second.added == std::vector<ReplicaId>{{0, 3}}), "the feeder is there");
  p.take(std::move(second));
  auto first = p.shrunk({0, 2}).value();
  BOOST_TEST((first.ended == std::vector<ReplicaId>{{0, 2}}));
  p.placement = first.placement;
  auto last = p.shrunk({0, 3}).value();
  BOOST_TEST((last.ended == std::vector<ReplicaId>{{0, 3}, {2, 0}}));
  BOOST_TEST(last.channels.size() == 1u);
  p.placement = last.placement;
  BOOST_TEST(compact(p.layout, p.placement).layout.cells[2].replicas == 0u);
  auto again = p.grown(0, 1).value();
  BOOST_TEST((again.added == std::vector<ReplicaId>{{0, 4}, {2, 1}}));
  BOOST_TEST((shown(again.placement.channels, again.first_channel) == Set{"0.4>1.0@10", "2.1>0.4@01"}));
  BOOST_TEST(again.layout.links.size() == p.layout.links.size());
}

BOOST_AUTO_TEST_CASE(a_feeder_that_never_fed_goes_with_the_replica_that_never_ran) {
  Placed p = placed(pulled(), {{"a", {}, 2, 0}});
  p.placement.nodes.push_back({"late", {}, 2, 0});
  using What = PoolChange::What;
  BOOST_REQUIRE(redo(p.checked, p.layout, p.placement, {{What::grow, 0, 2, 1}, {What::abandon, 0, 2, 1}}));
  BOOST_TEST((p.placement.retired == std::vector<ReplicaId>{{0, 2}, {2, 0}}));
}

BOOST_AUTO_TEST_CASE(a_new_replica_beside_its_source_needs_no_feeder) {
  Placed p = placed(pulled(), {{"a", {}, 2, 0}});
  auto growth = p.grown(0, 0);
  BOOST_REQUIRE_MESSAGE(growth, refusal(growth));
  BOOST_TEST((shown(growth->placement.channels, growth->first_channel) == Set{"0.2>1.0@00"}));
}

BOOST_AUTO_TEST_CASE(a_new_replica_is_fed_by_all_that_live_and_by_no_other) {
  Graph g{"g"};
  g.source("s", numbers())
      .map("a", same(), replicas(2, 8))
      .map("b", same(), replicas(3, 9))
      .isolated()
      .sink("out", drop());
  Placed p = placed(g, {{"a", {}, 2, 0}});
  BOOST_REQUIRE(p.elastic().size() == 2u);
  p.take(p.grown(0, 0).value());
  auto gone = p.shrunk({0, 1});
  BOOST_REQUIRE(gone);
  BOOST_TEST(gone->channels.empty(), "it pulls the source");
  p.placement = gone->placement;
  auto growth = p.grown(1, 0);
  BOOST_REQUIRE_MESSAGE(growth, refusal(growth));
  BOOST_TEST((shown(growth->placement.channels, growth->first_channel) ==
              Set{"0.0>1.3@00", "0.2>1.3@00", "1.3>2.0@00"}));
}

BOOST_AUTO_TEST_CASE(a_pool_keeps_to_its_least_and_most) {
  Placed p = placed(fed(replicas(2, 4)), {{"a", {}, 2, 0}});
  p.take(p.grown(1, 0).value());
  p.take(p.grown(1, 0).value());
  BOOST_TEST(says(refusal(p.grown(1, 0)), "as many as there may be"));
  for (std::size_t replica : {3, 0}) p.placement = p.shrunk({1, replica}).value().placement;
  BOOST_TEST((live_replicas(p.placement, 1) == std::vector<std::size_t>{1, 2}));
  auto fewer = p.shrunk({1, 1});
  BOOST_REQUIRE(!fewer);
  BOOST_TEST(says(fewer.error().sentence, "as few as there must be"));
  BOOST_TEST((fewer.error().kind == ErrorKind::overloaded));
}

BOOST_AUTO_TEST_CASE(who_has_been_told_to_end_is_told_once) {
  Placed p = placed(fed(), {{"a", {}, 4, 0}});
  auto shrinking = p.shrunk({1, 3});
  BOOST_REQUIRE(shrinking);
  BOOST_REQUIRE(shrinking->channels.size() == 1u);
  const ChannelPlan& ending = p.placement.channels[shrinking->channels[0]];
  BOOST_TEST((ending.from == ReplicaId{0, 0} && ending.to == ReplicaId{1, 3}));
  p.placement = shrinking->placement;
  BOOST_TEST(!p.shrunk({1, 3}));
  BOOST_TEST(!p.shrunk({1, 17}));
  BOOST_TEST(!p.shrunk({2, 0}), "a sink");
  BOOST_TEST(!p.shrunk({9, 0}), "no such cell");
}

BOOST_AUTO_TEST_CASE(a_pool_grows_only_where_it_may_run) {
  Graph g{"g"};
  g.source("s", numbers()).isolated().map("a", same(), replicas(2, 8)).on("gpu").sink("out", drop());
  Placed p = placed(g, {{"a", {}, 2, 0}, {"b", {"gpu"}, 2, 0}, {"c", {"gpu"}, 0, 0}});
  BOOST_TEST(says(refusal(p.grown(1, 0)), "no label \"gpu\""));
  BOOST_TEST(says(refusal(p.grown(1, 2)), "no cpus"));
  BOOST_TEST(says(refusal(p.grown(1, 3)), "no node 3"));
  BOOST_TEST(refusal(p.grown(1, 1)) == "");
}

BOOST_AUTO_TEST_CASE(a_pool_does_not_grow_beyond_a_nodes_memory) {
  Placed p = placed(fed(), {{"a", {}, 2, 0}});
  p.placement.nodes.push_back({"small", {}, 1, 1});
  BOOST_TEST(says(refusal(p.grown(1, 1)), "node small"));
  BOOST_TEST((p.grown(1, 1).error().kind == ErrorKind::overloaded));
}

BOOST_AUTO_TEST_CASE(what_was_done_is_done_again_elsewhere) {
  using What = PoolChange::What;
  Placed here = placed(fed(), {{"a", {}, 2, 0}});
  Placed there = here;
  here.take(here.grown(1, 0).value());
  here.placement = here.shrunk({1, 0}).value().placement;
  here.take(here.grown(1, 0).value());
  here.placement.retired.push_back({1, 3});
  std::vector<PoolChange> changes = {
      {What::grow, 1, 2, 0}, {What::shrink, 1, 0, 0}, {What::grow, 1, 3, 0}, {What::abandon, 1, 3, 0}};
  BOOST_REQUIRE(redo(there.checked, there.layout, there.placement, changes));
  BOOST_TEST((shown(there.placement.channels, 0) == shown(here.placement.channels, 0)));
  BOOST_TEST((there.placement.retired == here.placement.retired));
  BOOST_TEST(there.layout.cells[1].replicas == 4u);
  BOOST_TEST(!redo(there.checked, there.layout, there.placement, {{What::grow, 1, 9, 0}}), "a number is left out");
  BOOST_TEST(!redo(there.checked, there.layout, there.placement, {{What::shrink, 1, 0, 0}}), "twice");
}

BOOST_AUTO_TEST_CASE(growing_and_shrinking_at_random_keeps_every_promise) {
  bool held = rc::check("numbers are used once; live replicas are joined to all they must be joined to", [] {
    bool pulls = *rc::gen::arbitrary<bool>();
    Placed p = placed(pulls ? pulled(replicas(2, 6)) : fed(replicas(2, 6)), {{"a", {}, 2, 0}});
    p.placement.nodes.push_back({"b", {}, 1, 0});
    CellId cell = p.elastic().at(0).cell;
    auto moves = *rc::gen::inRange(0, 40);
    for (int i = 0; i < moves; ++i) {
      auto live = live_replicas(p.placement, cell);
      if (*rc::gen::arbitrary<bool>()) {
        auto growth = p.grown(cell, *rc::gen::inRange<NodeId>(0, 2));
        RC_ASSERT(bool(growth) == (live.size() < 6));
        if (growth) p.take(std::move(growth).value());
      } else {
        auto gone = p.shrunk({cell, *rc::gen::elementOf(live)});
        RC_ASSERT(bool(gone) == (live.size() > 2));
        if (gone) p.placement = gone->placement;
      }
    }
    for (std::size_t i = 0; i < p.placement.channels.size(); ++i) RC_ASSERT(p.placement.channels[i].id == i);
    RC_ASSERT(shown(p.placement.channels, 0).size() == p.placement.channels.size());
    // What is left is what would have been placed so at once.
    Compact left = compact(p.layout, p.placement);
    auto fresh = channels_of(p.checked, left.layout, left.placement);
    RC_ASSERT(shown(left.placement.channels, 0) == shown(fresh, 0));
    RC_ASSERT(left.layout.cells[cell].replicas == live_replicas(p.placement, cell).size());
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()
