#include <leat/graph/render.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace leat {
namespace {

// File names may be any bytes; what is quoted is UTF-8.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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

// What of an edge crosses nodes, by a link or a feeder.
std::size_t crossing(const Layout& layout, const Placement& placement, std::size_t edge, const Edge& between) {
  std::size_t channels = 0;
  for (std::size_t i = 0; i < layout.links.size(); ++i) {
    if (layout.links[i].edge == edge) channels += crossing_of_link(placement, i).channels;
  }
  CellId cell = layout.cell_of[between.from];
  bool feeds = cell == layout.cell_of[between.to] && layout.cells[cell].stages.front() == between.from;
  return channels + (feeds ? crossing_of_feeder(placement, cell).channels : 0);
}

}  // namespace

std::string plan_dot(const Checked& checked, const Layout& layout, const Placement& placement) {
  std::ostringstream out;
  const auto& stages = checked.graph.stages();
  out << "digraph " << quoted(checked.graph.name()) << " {\n  node [shape=box];\n";
  for (CellId cell = 0; cell < layout.cells.size(); ++cell) {
    out << "  subgraph cluster_" << cell << " {\n    label=" << quoted(cell_label(layout, placement, cell)) << ";\n";
    for (StageId id : layout.cells[cell].stages) {
      out << "    s" << id << " [label=" << quoted(stages[id].name) << "];\n";
    }
    out << "  }\n";
  }
  for (std::size_t i = 0; i < checked.graph.edges().size(); ++i) {
    const Edge& edge = checked.graph.edges()[i];
    out << "  s" << edge.from << " -> s" << edge.to;
    std::size_t channels = crossing(layout, placement, i, edge);
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
