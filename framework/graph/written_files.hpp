/// Files that stages of one graph write: each by one stage, or the last to commit would be all
/// there is.
#pragma once

#include <functional>

#include <leat/graph/graph.hpp>

namespace leat {

/// Refuses a graph in which two stages write one file, or several replicas of one do. Two paths are
/// one file when they are equal once they are absolute and without links, or when both are there
/// and are one to the system. `together`: true where two stages run in one place; elsewhere equal
/// paths are two files. Looks at the file system where more than one stage writes.
Result<void> write_apart(const Graph& graph, const std::function<bool(StageId, StageId)>& together);

}  // namespace leat
