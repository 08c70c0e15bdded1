/// Files that stages of one graph read: some can be read once only, and some not everywhere.
#pragma once

#include <functional>

#include <leat/graph/graph.hpp>

namespace leat {

/// Refuses a graph in which two stages read standard input, or one pipe, where they are `together`: each would get
/// some of it. Looks at the file system where more than one stage reads.
Result<void> read_apart(const Graph& graph, const std::function<bool(StageId, StageId)>& together);

/// As read_apart() and write_apart() (written_files.hpp).
Result<void> files_apart(const Graph& graph, const std::function<bool(StageId, StageId)>& together);

/// Refuses a graph with a stage that reads standard input, for who runs it in other processes than the user's.
Result<void> reads_no_standard_input(const Graph& graph);

}  // namespace leat
