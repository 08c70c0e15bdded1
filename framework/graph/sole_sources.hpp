/// Which sources nobody needs once a stage has enough, and which need not give what it cuts off. Pure.
#pragma once

#include <leat/graph/graph.hpp>

#include <vector>

namespace leat {

/// The sources from which every path leads to `stage`, and of whose stages before it none opens a gate: what they give
/// is of use to nothing else. Sorted; a source is not among its own.
std::vector<StageId> sole_sources(const Graph& graph, StageId stage);

/// The sources whose one edge leads to `stage` itself, where it has one input. Sorted.
std::vector<StageId> direct_sources(const Graph& graph, StageId stage);

}  // namespace leat
