/// Whether what comes to a stage comes in the order of its source, however many replicas there are. Pure.
#pragma once

#include <leat/graph/graph.hpp>

namespace leat {

/// Of the stages whose kinds say StageKind::in_order. Errors: such a stage has several replicas; streams are merged
/// above it; a stage above may have several replicas and does not say that they keep order. Above a stage that folds
/// (Sharing::combinable) there is no order to keep: what it gives is its own.
Result<void> rows_in_order(const Graph& graph);

}  // namespace leat
