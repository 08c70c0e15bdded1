#include <leat/graph/row_order.hpp>

#include <leat/graph/graph_error.hpp>

#include <algorithm>
#include <vector>

namespace leat {
namespace {

bool several(const Stage& stage) { return std::max(stage.replicas.least, stage.replicas.most) > 1; }

// The stages whose chunks come in on the first port.
std::vector<StageId> above(const Graph& graph, StageId id) {
  std::vector<StageId> from;
  for (const Edge& edge : graph.edges()) {
    if (edge.to == id && edge.port == 0) from.push_back(edge.from);
  }
  return from;
}

Result<void> in_order(const Graph& graph, StageId id) {
  const auto& stages = graph.stages();
  if (several(stages[id])) {
    return stage_error(graph, id, "takes rows in their order and may have several replicas: give it one");
  }
  // Each stage has fewer above it than the graph has: a cycle is found by others.
  StageId at = id;
  for (std::size_t steps = 0; steps < stages.size(); ++steps) {
    auto from = above(graph, at);
    if (from.empty()) return {};
    if (from.size() > 1) {
      return stage_error(graph, id, "takes rows in their order, and " + stages[at].name +
                                        " merges several streams, which have none: put it above, once a stream");
    }
    at = from[0];
    const Stage& stage = stages[at];
    if (several(stage) && !stage.replicas.keeps_order) {
      return stage_error(graph, id, "takes rows in their order, and the replicas of " + stage.name +
                                        " keep none: say that it is ordered");
    }
    if (stage.kind.sharing == Sharing::combinable) return {};
    if (stage.kind.inputs.size() > 1 && !stage.kind.inputs[1].whole_first) {
      return stage_error(graph, id, "takes rows in their order, and " + stage.name +
                                        " has several inputs, between which there is none: put it above");
    }
  }
  return {};
}

}  // namespace

Result<void> rows_in_order(const Graph& graph) {
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    if (!graph.stages()[id].kind.in_order) continue;
    if (auto ok = in_order(graph, id); !ok) return ok;
  }
  return {};
}

}  // namespace leat
