#include <leat/graph/graph_error.hpp>

namespace leat {
namespace {

Error placed(const Graph& graph, const Error& error, const std::string& stage) {
  Error said = graph.name().empty() ? error : error.in("graph " + graph.name());
  return said.about({.graph = graph.name(), .stage = stage});
}

const std::string& name_of(const Graph& graph, StageId stage) { return graph.stages()[stage].name; }

}  // namespace

Error graph_error(const Graph& graph, const std::string& what) { return placed(graph, invalid(what), ""); }

Error stage_error(const Graph& graph, StageId stage, const std::string& what) {
  return placed(graph, invalid("stage " + name_of(graph, stage) + " " + what), name_of(graph, stage));
}

Error stage_error(const Graph& graph, StageId stage, const Error& said) {
  return placed(graph, said.in("stage " + name_of(graph, stage)), name_of(graph, stage));
}

Error edge_error(const Graph& graph, const Edge& edge, const std::string& what) {
  const std::string& to = name_of(graph, edge.to);
  return placed(graph, invalid("the edge from " + name_of(graph, edge.from) + " to " + to + " " + what), to);
}

}  // namespace leat
