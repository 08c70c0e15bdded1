/// Where gates are so that cuts pass: pure.
#pragma once

#include <leat/graph/layout.hpp>

#include <vector>

namespace leat {

/// The stages whose end a source of this cell has to wait for, as something that it feeds does: a stage with a gate, or one
/// that reads another input whole first. Whatever waits there would hold a barrier up behind it; a source that waits lets it
/// pass. Empty for a cell that does not begin with a source.
std::vector<StageId> gates_at_source(const Graph& graph, const Layout& layout, CellId cell);

}  // namespace leat
