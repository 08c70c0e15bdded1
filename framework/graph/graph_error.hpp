/// What is wrong with a graph, or with a stage of it: sentence and subject. A graph without a name goes
/// without in both.
///
///   return stage_error(graph, id, "has neither inputs nor a source");   // "graph g: stage s has ..."
#pragma once

#include <leat/graph/graph.hpp>

#include <string>

namespace leat {

/// "graph g: what".
Error graph_error(const Graph& graph, const std::string& what);
/// "graph g: stage s what".
Error stage_error(const Graph& graph, StageId stage, const std::string& what);
/// What a stage itself said: "graph g: stage s: ...".
Error stage_error(const Graph& graph, StageId stage, const Error& said);
/// "graph g: the edge from a to b what"; it is about b.
Error edge_error(const Graph& graph, const Edge& edge, const std::string& what);

}  // namespace leat
