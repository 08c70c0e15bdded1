#include <cstdio>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include <leat/graph/render.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

const std::vector<NodeSpec> kNodes = {
    {"left", {}, 2, 0}, {"right", {"gpu", "disk"}, 1, std::uint64_t{1} << 30}, {"far", {"gpu"}, 1, 0}};

struct Drawn {
  explicit Drawn(const Graph& graph, const std::vector<NodeSpec>& nodes = kNodes)
      : checked(graph.check().value()),
        layout(layout_of(checked, nodes).value()),
        bound(memory_bound(checked, layout, 1000)),
        placement(place(checked, layout, nodes).value()) {}
  std::string text() const { return plan_text(checked, layout, bound, placement); }
  nlohmann::json json() const {
    return nlohmann::json::parse(plan_json(checked, layout, bound, placement));
  }
  Checked checked;
  Layout layout;
  Bound bound;
  Placement placement;
};

Graph sample() {
  Graph g{"sample"};
  g.source("read", numbers())
      .on("disk")
      .map("parse", same(), replicas(1, 8))
      .compressed()
      .map("score", passing<Number>(), replicas(2))
      .on("gpu")
      .sink("keep", drop());
  return g;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(render_placement)

BOOST_AUTO_TEST_CASE(the_text_says_which_node_runs_which_replicas_and_what_crosses) {
  std::string text = Drawn(sample()).text();
  const std::string start =
      "graph sample: 4 stages in 4 cells on 3 nodes, 4 threads\n"
      "\n"
      "nodes\n";
  BOOST_TEST(text.rfind(start, 0) == 0u);
  BOOST_TEST(holds(text, " of 1.00 GiB, labels gpu+disk\n"));
  BOOST_TEST(holds(text,
                   "cells\n"
                   "  4 x  read -> parse, read on disk, elastic from 1 to 8\n"
                   "       left: replicas 0 to 1, fed by right\n"
                   "       right: replica 2, reads read\n"
                   "       far: replica 3, fed by right\n"
                   "  2 x  score, on gpu\n"
                   "       right: replica 0\n"
                   "       far: replica 1\n"
                   "  1 x  keep\n"
                   "       left: replica 0\n"
                   "  1 x  feeder of read, on disk, a thread of its own\n"
                   "       right: replica 0, reads read\n"));
  BOOST_TEST(holds(text,
                   "links\n"
                   "  parse => score  balance, 8 x credit 512 KiB or 1024 chunks, compressed; 6 between nodes: "
                   "left to right, left to far, right to far, far to right\n"
                   "  score => keep  balance, 2 x credit 512 KiB or 1024 chunks; 2 between nodes: right to left, "
                   "far to left\n"
                   "  feeder of read => parse  balance, 3 x credit 512 KiB or 1024 chunks; 3 between nodes: "
                   "right to left, right to far\n"));
}

BOOST_AUTO_TEST_CASE(the_text_has_every_term_of_every_node) {
  Drawn drawn(sample());
  std::string text = drawn.text();
  for (NodeId node = 0; node < kNodes.size(); ++node) {
    Bound bound = node_bound(drawn.checked, drawn.layout, drawn.placement, node, 1000);
    auto at = text.find("memory bound of " + kNodes[node].name + " " + byte_text(bound.total()) + "\n");
    BOOST_REQUIRE(at != std::string::npos);
    std::string own = text.substr(at, text.find("\n\n", at) - at);
    for (const BoundTerm& term : bound.terms) {
      BOOST_TEST(holds(own, byte_text(term.bytes) + "  " + term_name(term.what) + ": " + term.where));
    }
  }
}

BOOST_AUTO_TEST_CASE(without_nodes_labels_and_compression_still_show) {
  Checked checked = sample().check().value();
  Layout layout = layout_of(checked, 2).value();
  std::string text = plan_text(checked, layout, memory_bound(checked, layout, 0));
  BOOST_TEST(holds(text, "graph sample: 4 stages in 3 cells on 2 threads\n\ncells\n"));
  BOOST_TEST(holds(text, "2 x  score, on gpu\n"));
  BOOST_TEST(holds(text, "2 x  read -> parse, read on disk\n"));
  BOOST_TEST(holds(text, "512 KiB or 1024 chunks, compressed between nodes\n"));
  BOOST_TEST(!holds(text, "\nnodes\n"));
}

BOOST_AUTO_TEST_CASE(the_json_has_nodes_cells_and_what_crosses) {
  Drawn drawn(sample());
  auto json = drawn.json();
  BOOST_REQUIRE(json["nodes"].size() == 3u);
  BOOST_TEST(json["nodes"][1]["name"] == "right");
  BOOST_TEST((json["nodes"][1]["labels"] == std::vector<std::string>{"gpu", "disk"}));
  BOOST_TEST(json["nodes"][0]["cpus"] == 2);
  for (NodeId node = 0; node < 3; ++node) {
    BOOST_TEST(json["nodes"][node]["bound"]["bytes"] ==
               node_bound(drawn.checked, drawn.layout, drawn.placement, node, 1000).total());
  }
  BOOST_TEST((json["cells"][0]["nodes"] == std::vector<std::string>{"left", "left", "right", "far"}));
  BOOST_TEST(json["cells"][0]["source_node"] == "right");
  BOOST_TEST(json["cells"][3]["feeder"] == true);
  BOOST_TEST(!json["cells"][0].contains("feeder"));
  BOOST_TEST(json["links"][2]["feeder"] == true);
  BOOST_TEST(json["links"][2]["channels"] == 3);
  BOOST_TEST(json["links"][0]["compressed"] == true);
  BOOST_TEST(json["links"][0]["between_nodes"]["channels"] == 6);
  BOOST_TEST(json["links"][1]["between_nodes"]["ways"][0]["to"] == "left");
  BOOST_TEST(json["stages"][2]["on"] == "gpu");
  BOOST_TEST(!json.contains("bound"));
}

BOOST_AUTO_TEST_CASE(the_dot_says_where_cells_are_and_marks_what_crosses) {
  Drawn drawn(sample());
  std::string dot = plan_dot(drawn.checked, drawn.layout, drawn.placement);
  BOOST_TEST(holds(dot, "label=\"4 x on left: 2, right: 1, far: 1\";"));
  BOOST_TEST(holds(dot, "f0 -> s1 [style=bold, label=\"3 between nodes\"];"));
  BOOST_TEST(holds(dot, "s1 -> s2 [style=bold, label=\"6 between nodes\"];"));
  if (std::system("command -v dot >/dev/null 2>&1") != 0) {
    BOOST_TEST_MESSAGE("skipped: graphviz is not installed");
    return;
  }
  FILE* reader = popen("dot -Tplain >/dev/null 2>&1", "w");
  BOOST_REQUIRE(reader);
  std::fputs(dot.c_str(), reader);
  BOOST_TEST(pclose(reader) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
