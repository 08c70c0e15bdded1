#include <leat/graph/feeders.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/graph/render.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace leat {
namespace {

// File names may be any bytes; what is quoted is UTF-8.
std::string quoted(const std::string& text) {
  return json_text(nlohmann::json(text));
}

// "6 x", and on which nodes: "a: 2, b: 4".
std::string cell_label(const Layout& layout, const Placement& placement, CellId cell) {
  std::string label = std::to_string(layout.cells[cell].replicas) + " x";
  std::string places;
  for (NodeId node = 0; node < placement.nodes.size(); ++node) {
    const auto& nodes = placement.node_of[cell];
    auto here = std::count(nodes.begin(), nodes.end(), node);
    if (here == 0) continue;
    places += (places.empty() ? "" : ", ") + placement.nodes[node].name + ": " + std::to_string(here);
  }
  return places.empty() ? label : label + " on " + places;
}

// A source that has a feeder is in two cells.
std::string node(const Layout& layout, CellId cell, StageId stage) {
  return (is_feeder(layout, cell) ? "f" : "s") + std::to_string(stage);
}

}  // namespace

std::string plan_dot(const Checked& checked, const Layout& layout, const Placement& placement) {
  std::ostringstream out;
  const auto& stages = checked.graph.stages();
  out << "digraph " << quoted(checked.graph.name()) << " {\n  node [shape=box];\n";
  for (CellId cell = 0; cell < layout.cells.size(); ++cell) {
    out << "  subgraph cluster_" << cell << " {\n    label=" << quoted(cell_label(layout, placement, cell)) << ";\n";
    const auto& members = layout.cells[cell].stages;
    for (StageId id : members) {
      std::string name = id == members.front() ? first_name(checked, layout, cell) : stages[id].name;
      out << "    " << node(layout, cell, id) << " [label=" << quoted(name) << "];\n";
    }
    for (std::size_t i = 0; i + 1 < members.size(); ++i) {
      out << "    " << node(layout, cell, members[i]) << " -> " << node(layout, cell, members[i + 1]) << ";\n";
    }
    out << "  }\n";
  }
  for (std::size_t i = 0; i < layout.links.size(); ++i) {
    const LinkPlan& link = layout.links[i];
    const Edge& edge = checked.graph.edges()[link.edge];
    out << "  " << node(layout, link.from, edge.from) << " -> " << node(layout, link.to, edge.to);
    std::size_t channels = crossing_of_link(placement, i).channels;
    if (channels > 0) out << " [style=bold, label=\"" << channels << " between nodes\"]";
    out << ";\n";
  }
  for (StageId id = 0; id < stages.size(); ++id) {
    for (StageId gate : stages[id].after) {
      out << "  s" << gate << " -> s" << id << " [style=dashed, label=\"after\"];\n";
    }
  }
  out << "}\n";
  return out.str();
}

}  // namespace leat
