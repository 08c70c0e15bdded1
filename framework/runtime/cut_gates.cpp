#include <leat/runtime/cut_gates.hpp>

#include <set>

namespace leat {
namespace {

bool reads_first(const Graph& graph, const Edge& edge) { return graph.stages()[edge.to].kind.inputs[edge.port].whole_first; }

void add_build_sides(const Graph& graph, StageId id, std::vector<StageId>& gates) {
  for (const Edge& edge : graph.edges()) {
    if (edge.to == id && reads_first(graph, edge)) gates.push_back(edge.from);
  }
}

}  // namespace

std::vector<StageId> gates_at_source(const Graph& graph, const Layout& layout, CellId cell) {
  StageId source = layout.cells[cell].stages.front();
  std::vector<StageId> gates;
  if (!graph.stages()[source].kind.source) return gates;
  std::set<StageId> seen{source};
  std::vector<StageId> left{source};
  while (!left.empty()) {
    StageId id = left.back();
    left.pop_back();
    const auto& after = graph.stages()[id].after;
    gates.insert(gates.end(), after.begin(), after.end());
    for (const Edge& edge : graph.edges()) {
      if (edge.from != id || reads_first(graph, edge)) continue;
      add_build_sides(graph, edge.to, gates);
      if (seen.insert(edge.to).second) left.push_back(edge.to);
    }
  }
  return gates;
}

}  // namespace leat
