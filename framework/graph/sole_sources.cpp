#include <leat/graph/sole_sources.hpp>

#include <algorithm>

namespace leat {
namespace {

bool opens_a_gate(const Graph& graph, StageId stage) {
  return std::any_of(graph.stages().begin(), graph.stages().end(), [stage](const Stage& each) {
    return std::find(each.after.begin(), each.after.end(), stage) != each.after.end();
  });
}

// Nothing that comes from `source` passes by `stage`.
bool all_to(const Graph& graph, StageId source, StageId stage) {
  std::vector<bool> seen(graph.stages().size());
  std::vector<StageId> open{source};
  while (!open.empty()) {
    StageId at = open.back();
    open.pop_back();
    if (at == stage || seen[at]) continue;
    seen[at] = true;
    if (opens_a_gate(graph, at)) return false;
    std::size_t before = open.size();
    for (const Edge& edge : graph.edges()) {
      if (edge.from == at) open.push_back(edge.to);
    }
    if (open.size() == before) return false;
  }
  return true;
}

}  // namespace

std::vector<StageId> sole_sources(const Graph& graph, StageId stage) {
  std::vector<StageId> sole;
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    if (graph.stages()[id].kind.source && id != stage && all_to(graph, id, stage)) sole.push_back(id);
  }
  return sole;
}

std::vector<StageId> direct_sources(const Graph& graph, StageId stage) {
  std::vector<StageId> direct;
  // Of several inputs nobody says which one is meant.
  if (graph.stages()[stage].kind.inputs.size() != 1) return direct;
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    if (!graph.stages()[id].kind.source) continue;
    std::vector<StageId> fed;
    for (const Edge& edge : graph.edges()) {
      if (edge.from == id) fed.push_back(edge.to);
    }
    if (fed == std::vector{stage}) direct.push_back(id);
  }
  return direct;
}

}  // namespace leat
