#include <leat/graph/placement.hpp>

#include <set>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

using What = BoundTerm::What;

constexpr std::uint64_t kMiB = 1 << 20;

struct Placed {
  Placed(const Graph& graph, const std::vector<NodeSpec>& nodes)
      : checked(graph.check().value()),
        layout(layout_of(checked, nodes).value()),
        placement(place(checked, layout, nodes).value()) {}
  Bound bound(NodeId node, std::uint64_t base = 0) const {
    return node_bound(checked, layout, placement, node, base);
  }
  Checked checked;
  Layout layout;
  Placement placement;
};

Result<Placement> tried(const Graph& graph, const std::vector<NodeSpec>& nodes) {
  Checked checked = graph.check().value();
  Layout layout = layout_of(checked, nodes).value();
  return place(checked, layout, nodes);
}

std::uint64_t term(const Bound& bound, What what, const std::string& where = "") {
  std::uint64_t sum = 0;
  for (const BoundTerm& t : bound.terms) sum += t.what == what && (where.empty() || t.where == where) ? t.bytes : 0;
  return sum;
}

// Three cells of one replica: the second holds `state` bytes.
Graph cells(std::uint64_t state) {
  Graph g{"g"};
  g.source("s", numbers()).isolated().map("a", same()).isolated().state(state).map("b", same()).isolated().sink(
      "out", drop());
  return g;
}

Graph replicated() {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same(), replicas(4)).sink("out", drop());
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(placement_memory)

BOOST_AUTO_TEST_CASE(one_node_has_the_bound_of_one_process) {
  Placed p(replicated(), {{"a", {}, 3, 0}});
  Bound one = p.bound(0, 12345);
  Bound whole = memory_bound(p.checked, p.layout, 12345);
  BOOST_REQUIRE(one.terms.size() == whole.terms.size());
  for (std::size_t i = 0; i < one.terms.size(); ++i) {
    BOOST_TEST((one.terms[i].what == whole.terms[i].what));
    BOOST_TEST(one.terms[i].where == whole.terms[i].where);
    BOOST_TEST(one.terms[i].bytes == whole.terms[i].bytes);
  }
}

BOOST_AUTO_TEST_CASE(credit_of_a_channel_between_nodes_counts_on_both) {
  Placed p(replicated(), {{"a", {}, 2, 0}, {"b", {}, 2, 0}});
  BOOST_TEST(term(p.bound(0), What::credit, "a to out") == 4 * kDefaultWindow.bytes);
  BOOST_TEST(term(p.bound(1), What::credit, "a to out") == 2 * kDefaultWindow.bytes);
  BOOST_TEST(term(p.bound(0), What::credit, "feeder of s to a") == 2 * kDefaultWindow.bytes);
  BOOST_TEST(term(p.bound(1), What::credit, "feeder of s to a") == 2 * kDefaultWindow.bytes);
}

BOOST_AUTO_TEST_CASE(a_feeder_has_what_a_source_alone_has_on_the_sources_node_only) {
  Placed p(replicated(), {{"a", {}, 2, 0}, {"b", {}, 2, 0}});
  BOOST_TEST(term(p.bound(0), What::chunk_in_hand, "feeder of s") == 2 * kBatch.bytes);
  BOOST_TEST(term(p.bound(0), What::output, "feeder of s") == (1u << 16) + kBatch.bytes);
  BOOST_TEST(term(p.bound(1), What::output, "feeder of s") == 0u);
  // Who pulls holds what the source emits; who is fed, the chunk it was sent.
  BOOST_TEST(term(p.bound(0), What::output, "s") == 2 * ((1u << 16) + kBatch.bytes));
  BOOST_TEST(term(p.bound(1), What::output, "s") == 0u);
  BOOST_TEST(term(p.bound(1), What::chunk_in_hand, "s") == 2 * ((1u << 16) + 2 * kBatch.bytes));
}

BOOST_AUTO_TEST_CASE(each_direction_between_two_nodes_is_a_connection_of_both) {
  Placed p(replicated(), {{"a", {}, 2, 0}, {"b", {}, 2, 0}});
  std::set<std::string> ways;
  for (const BoundTerm& t : p.bound(0).terms) {
    if (t.what == What::slices) ways.insert(t.where);
  }
  BOOST_TEST((ways == std::set<std::string>{"connection to b", "connection from b"}));
  BOOST_TEST(term(p.bound(0), What::slices) == 4 * 256u << 10);
  BOOST_TEST(term(p.bound(1), What::slices) == 4 * 256u << 10);
  BOOST_TEST(term(p.bound(1), What::socket_buffers) > 0u);
}

BOOST_AUTO_TEST_CASE(a_compressed_channel_is_unpacked_at_its_lower_end) {
  Graph g{"g"};
  g.source("s", numbers()).compressed().map("a", same(), replicas(4)).sink("out", drop());
  Placed p(g, {{"a", {}, 2, 0}, {"b", {}, 2, 0}});
  BOOST_TEST(term(p.bound(0), What::slices, "compressed channels") == 0u);
  BOOST_TEST(term(p.bound(1), What::slices, "compressed channels") == 2 * 128u << 10);
}

BOOST_AUTO_TEST_CASE(nodes_without_channels_between_them_have_no_connection) {
  Placed p(replicated(), {{"a", {}, 2, 0}, {"b", {}, 1, 0}, {"c", {}, 1, 0}});
  BOOST_TEST(term(p.bound(1), What::slices, "connection to c") == 0u);
  BOOST_TEST(term(p.bound(1), What::slices, "connection from c") == 0u);
  BOOST_TEST(term(p.bound(1), What::slices, "connection to a") > 0u);
}

BOOST_AUTO_TEST_CASE(what_the_pool_may_hold_has_the_chunks_between_nodes_but_not_their_slices) {
  Placed p(replicated(), {{"a", {}, 2, 0}, {"b", {}, 2, 0}});
  for (NodeId node : {0, 1}) {
    Bound bound = p.bound(node, 1000);
    std::uint64_t others = term(bound, What::process_base) + term(bound, What::runtime) + term(bound, What::stacks) +
                           term(bound, What::slices) + term(bound, What::socket_buffers);
    BOOST_TEST(others > 0u);
    BOOST_TEST(bound.chunks() == bound.total() - others);
  }
}

BOOST_AUTO_TEST_CASE(a_cell_moves_to_the_next_node_that_fits) {
  const std::uint64_t room = Placed(cells(0), {{"a", {}, 1, 0}, {"b", {}, 1, 0}}).bound(0).total() + 4 * kMiB;
  Placed p(cells(64 * kMiB), {{"a", {}, 1, room}, {"b", {}, 1, room}, {"c", {}, 1, room + 80 * kMiB}});
  BOOST_TEST(p.placement.node_of[0][0] == 0u);
  BOOST_TEST(p.placement.node_of[1][0] == 2u);
  BOOST_TEST(p.placement.node_of[2][0] == 0u);
  BOOST_TEST(p.placement.node_of[3][0] == 0u);
  for (NodeId node : {0, 1, 2}) BOOST_TEST(p.bound(node).total() <= p.placement.nodes[node].memory);
}

BOOST_AUTO_TEST_CASE(a_graph_that_fits_at_home_stays_there) {
  Placed p(cells(64 * kMiB), {{"a", {}, 1, 1024 * kMiB}, {"b", {}, 1, 2048 * kMiB}});
  for (const auto& nodes : p.placement.node_of) BOOST_TEST(nodes[0] == 0u);
}

BOOST_AUTO_TEST_CASE(a_label_outweighs_memory) {
  Graph g = cells(64 * kMiB);
  g.stage(1).on = "big";
  auto placement = tried(g, {{"a", {"big"}, 1, 32 * kMiB}, {"b", {}, 1, 0}});
  BOOST_REQUIRE(!placement);
  BOOST_TEST((placement.error().kind == ErrorKind::overloaded));
  const std::string& said = placement.error().sentence;
  BOOST_TEST(said.rfind("graph g: node a needs up to ", 0) == 0u, said);
  BOOST_TEST(said.find(" of memory and has 32.0 MiB: the largest terms are state of a 64.0 MiB, ") != std::string::npos, said);
  BOOST_TEST(said.find("; give it more memory, or lower cpus, replicas or credit") != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(replicas_and_sources_do_not_move_for_memory) {
  auto placement = tried(replicated(), {{"a", {}, 2, 1 * kMiB}, {"b", {}, 2, 0}});
  BOOST_REQUIRE(!placement);
  BOOST_TEST(placement.error().sentence.rfind("graph g: node a needs up to ", 0) == 0u);
}

BOOST_AUTO_TEST_CASE(what_a_process_holds_before_counts) {
  Checked checked = cells(0).check().value();
  std::vector<NodeSpec> nodes = {{"a", {}, 1, 100 * kMiB}};
  Layout layout = layout_of(checked, nodes).value();
  BOOST_TEST(place(checked, layout, nodes).ok());
  BOOST_TEST(!place(checked, layout, nodes, 100 * kMiB).ok());
}

BOOST_AUTO_TEST_SUITE_END()
