#include <leat/graph/fingerprint.hpp>
#include <leat/graph/feeders.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

using rc::gen::element;
using rc::gen::inRange;

const char* any_label() { return *element("", "", "", "gpu", "disk", "gpu+disk"); }

Replicas any_replicas() {
  auto least = *inRange<std::size_t>(1, 7);
  return replicas(least, least + *inRange<std::size_t>(0, 12));
}

// One to three pipelines of up to five stages; what a tee leaves over goes to a sink.
Graph any_graph() {
  Graph g{"any"};
  auto pipelines = *inRange(1, 4);
  for (int line = 0; line < pipelines; ++line) {
    auto name = [line](const std::string& stage, int at) { return stage + std::to_string(line) + "." + std::to_string(at); };
    Stream<Number> at = g.source(name("source", 0), numbers()).on(any_label());
    if (*inRange(0, 4) == 0) at = at.isolated();
    auto stages = *inRange(0, 5);
    for (int stage = 0; stage < stages; ++stage) {
      if (*inRange(0, 4) == 0) at = at.broadcast();
      at = at.map(name("stage", stage), passing<Number>(), *inRange(0, 3) ? any_replicas() : Replicas{});
      at = at.on(any_label());
      if (*inRange(0, 4) == 0) at = at.isolated();
      if (*inRange(0, 4) == 0) at = at.state(*inRange<std::uint64_t>(0, 32 << 20));
      if (*inRange(0, 4) == 0) at.sink(name("tee", stage), drop());
    }
    at.compressed().sink(name("sink", 0), drop()).on(any_label());
  }
  return g;
}

// One to five nodes; the first of them with cpus has all labels, so that all can be placed.
std::vector<NodeSpec> any_nodes() {
  std::vector<NodeSpec> nodes;
  auto count = *inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    NodeSpec node{"n" + std::to_string(i), {}, *inRange<std::size_t>(i == 0 ? 1 : 0, 5), 0};
    if (i == 0 || *inRange(0, 2)) node.labels.push_back("gpu");
    if (i == 0 || *inRange(0, 2)) node.labels.push_back("disk");
    nodes.push_back(std::move(node));
  }
  return nodes;
}

struct Placed {
  explicit Placed(std::vector<NodeSpec> nodes) : graph(any_graph()), checked(graph.check().value()) {
    layout = layout_of(checked, nodes).value();
    placement = place(checked, layout, std::move(nodes)).value();
  }
  const Stage& stage(StageId id) const { return graph.stages()[id]; }
  bool begins_with_source(CellId cell) const {
    return static_cast<bool>(stage(layout.cells[cell].stages.front()).kind.source);
  }
  // Whether a replica of this cell may run there.
  bool may(CellId cell, NodeId node) const {
    const auto& members = layout.cells[cell].stages;
    bool alone = members.size() == 1 || !begins_with_source(cell);
    return placement.nodes[node].cpus > 0 && std::all_of(members.begin() + (alone ? 0 : 1), members.end(), [&](StageId id) {
             return has_labels(placement.nodes[node], stage(id).on);
           });
  }
  Graph graph;
  Checked checked;
  Layout layout;
  Placement placement;
};

bool same_channel(const ChannelPlan& a, const ChannelPlan& b) {
  return a.id == b.id && a.link == b.link && a.edge == b.edge && a.from == b.from && a.to == b.to &&
         a.from_node == b.from_node && a.to_node == b.to_node && a.window == b.window &&
         a.compress == b.compress;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(placement_properties)

BOOST_AUTO_TEST_CASE(every_replica_is_on_one_node_that_may_have_it) {
  bool holds = rc::check("replicas are where they may be", [] {
    Placed p(any_nodes());
    RC_ASSERT(p.placement.node_of.size() == p.layout.cells.size());
    for (CellId cell = 0; cell < p.layout.cells.size(); ++cell) {
      RC_ASSERT(p.placement.node_of[cell].size() == p.layout.cells[cell].replicas);
      for (NodeId node : p.placement.node_of[cell]) {
        RC_ASSERT(node < p.placement.nodes.size());
        RC_ASSERT(p.may(cell, node));
      }
      if (p.begins_with_source(cell)) {
        const std::string& on = p.stage(p.layout.cells[cell].stages.front()).on;
        RC_ASSERT(has_labels(p.placement.nodes[p.placement.source_node[cell]], on));
      }
    }
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(the_same_is_placed_the_same) {
  bool holds = rc::check("placement is a function", [] {
    Placed p(any_nodes());
    Layout layout = layout_of(p.checked, p.placement.nodes).value();
    auto again = place(p.checked, layout, p.placement.nodes).value();
    RC_ASSERT(again.node_of == p.placement.node_of);
    RC_ASSERT(again.source_node == p.placement.source_node);
    RC_ASSERT(again.channels.size() == p.placement.channels.size());
    RC_ASSERT(std::equal(again.channels.begin(), again.channels.end(), p.placement.channels.begin(), same_channel));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(channels_are_numbered_densely_and_join_where_their_ends_are) {
  bool holds = rc::check("channels are canonical", [] {
    Placed p(any_nodes());
    std::vector<std::size_t> of_link(p.layout.links.size());
    std::set<std::pair<CellId, std::size_t>> fed;
    const auto& channels = p.placement.channels;
    for (std::size_t i = 0; i < channels.size(); ++i) {
      const ChannelPlan& channel = channels[i];
      RC_ASSERT(channel.id == i);
      RC_ASSERT(channel.to_node == p.placement.node_of[channel.to.cell][channel.to.replica]);
      RC_ASSERT(!channel.compress || channel.crosses());
      RC_ASSERT(channel.from_node == p.placement.node_of[channel.from.cell][channel.from.replica]);
      if (is_feeder(p.layout, channel.from.cell)) {
        RC_ASSERT(channel.from_node == p.placement.source_node[channel.to.cell]);
        RC_ASSERT(channel.crosses());
        RC_ASSERT(fed.emplace(channel.to.cell, channel.to.replica).second);
      }
      bool in_order = i == 0 || channels[i - 1].link <= channel.link;
      RC_ASSERT(in_order);
      ++of_link[channel.link];
    }
    for (std::size_t i = 0; i < of_link.size(); ++i) {
      RC_ASSERT(of_link[i] == channels_of_link(p.layout, p.placement, i));
      if (!is_feeder(p.layout, p.layout.links[i].from)) RC_ASSERT(of_link[i] == p.layout.channels(p.layout.links[i]));
    }
    // Each replica of a source's cell either shares its node or is fed.
    for (CellId cell = 0; cell < p.layout.cells.size(); ++cell) {
      for (std::size_t replica = 0; replica < p.layout.cells[cell].replicas; ++replica) {
        bool away = p.begins_with_source(cell) &&
                    p.placement.node_of[cell][replica] != p.placement.source_node[cell];
        RC_ASSERT(away == fed.contains({cell, replica}));
      }
    }
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(forward_channels_between_cells_of_like_nodes_are_local) {
  bool holds = rc::check("forward stays local", [] {
    Placed p(any_nodes());
    for (const ChannelPlan& channel : p.placement.channels) {
      if (p.layout.links[channel.link].rule != Dispatch::Rule::forward) continue;
      bool alike = p.layout.cells[channel.from.cell].replicas > 1;
      for (NodeId node = 0; node < p.placement.nodes.size(); ++node) {
        alike = alike && p.may(channel.from.cell, node) == p.may(channel.to.cell, node);
      }
      RC_ASSERT(!alike || !channel.crosses());
    }
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(replicas_follow_cpus_and_leave_no_node_out) {
  bool holds = rc::check("shares are fair", [] {
    auto nodes = any_nodes();
    for (NodeSpec& node : nodes) node.cpus *= *element<std::size_t>(1, 1, 20);
    auto count = *inRange<std::size_t>(2, 40);
    Graph g{"g"};
    g.source("s", numbers()).on(any_label()).map("a", same(), replicas(count)).sink("out", drop());
    Checked checked = g.check().value();
    Layout layout = layout_of(checked, nodes).value();
    Placement placement = place(checked, layout, nodes).value();
    std::size_t cpus = 0;
    std::size_t able = 0;
    for (const NodeSpec& node : nodes) cpus += node.cpus, able += node.cpus > 0;
    for (NodeId node = 0; node < nodes.size(); ++node) {
      const auto& where = placement.node_of[0];
      auto here = static_cast<std::size_t>(std::count(where.begin(), where.end(), node));
      std::size_t due = count * nodes[node].cpus;
      RC_ASSERT(!(nodes[node].cpus == 0 && here > 0));
      if (count >= able) RC_ASSERT((here > 0u) == (nodes[node].cpus > 0));
      if (count >= able * able) {
        // More than the quota only by the fair minimum, less only where others had none.
        RC_ASSERT(here * cpus <= due + able * cpus);
        RC_ASSERT(due <= here * cpus + able * cpus);
      }
      RC_ASSERT(std::is_sorted(where.begin(), where.end()));
    }
    auto pulls = std::count(placement.node_of[0].begin(), placement.node_of[0].end(), placement.source_node[0]);
    RC_ASSERT(pulls > 0);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(the_bounds_of_all_nodes_are_at_least_that_of_one_process) {
  bool holds = rc::check("nothing is left out of the bounds", [] {
    Placed p(any_nodes());
    std::uint64_t sum = 0;
    std::uint64_t chunks = 0;
    for (NodeId node = 0; node < p.placement.nodes.size(); ++node) {
      Bound bound = node_bound(p.checked, p.layout, p.placement, node, 1000);
      sum += bound.total();
      chunks += bound.chunks();
      RC_ASSERT(bound.chunks() <= bound.total());
    }
    Bound whole = memory_bound(p.checked, layout_of(p.checked, p.placement.nodes).value(), 1000);
    if (p.placement.local()) RC_ASSERT(sum == whole.total());
    RC_ASSERT(sum >= whole.total());
    RC_ASSERT(chunks >= whole.chunks());
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(a_node_never_needs_more_than_its_memory) {
  bool holds = rc::check("memory is kept", [] {
    auto nodes = any_nodes();
    for (NodeSpec& node : nodes) node.memory = *inRange<std::uint64_t>(0, 3) * (*inRange<std::uint64_t>(8, 64) << 20);
    Graph g = any_graph();
    Checked checked = g.check().value();
    Layout layout = layout_of(checked, nodes).value();
    auto placement = place(checked, layout, nodes);
    RC_CLASSIFY(placement.ok(), "placed");
    if (!placement) {
      RC_ASSERT((placement.error().kind == ErrorKind::overloaded));
      RC_ASSERT(placement.error().sentence.find(" of memory and has ") != std::string::npos);
      return;
    }
    for (NodeId node = 0; node < nodes.size(); ++node) {
      std::uint64_t needs = node_bound(checked, layout, *placement, node, 0).total();
      RC_ASSERT(nodes[node].memory == 0 || needs <= nodes[node].memory);
    }
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(without_labels_the_nodes_change_nothing_but_counts) {
  bool holds = rc::check("layout_of for nodes is layout_of for their cpus", [] {
    Graph g{"g"};
    g.source("s", numbers()).map("a", same(), any_replicas()).map("b", passing<Number>()).sink("out", drop());
    Checked checked = g.check().value();
    auto nodes = any_nodes();
    std::size_t cpus = 0;
    for (const NodeSpec& node : nodes) cpus += node.cpus;
    Layout of_nodes = layout_of(checked, nodes).value();
    Layout of_threads = layout_of(checked, cpus).value();
    RC_ASSERT(of_nodes.threads == of_threads.threads);
    RC_ASSERT(of_nodes.cell_of == of_threads.cell_of);
    for (CellId cell = 0; cell < of_nodes.cells.size(); ++cell) {
      RC_ASSERT(of_nodes.cells[cell].replicas == of_threads.cells[cell].replicas);
    }
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(graphs_that_differ_have_other_fingerprints_and_a_named_difference) {
  bool holds = rc::check("fingerprints tell graphs apart", [] {
    auto one = canonical_lines(any_graph());
    auto other = canonical_lines(any_graph());
    RC_ASSERT((fingerprint(one) == fingerprint(other)) == (one == other));
    RC_ASSERT(first_difference(one, other).empty() == (one == other));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_SUITE_END()
