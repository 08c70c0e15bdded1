/// Files that stages of one graph write: each by one stage, or the last to commit would be all
/// there is.
#pragma once

#include <filesystem>
#include <functional>

#include <leat/graph/graph.hpp>

namespace leat {

/// Where a file lies that is written at `path`: with the links followed that it may be, to what need not be there
/// yet, as open() does.
std::filesystem::path followed(const std::filesystem::path& path);

/// Refuses a graph in which two stages write one file, or several replicas of one do, or one writes what a stage
/// reads. Two paths are
/// one file when they are equal once they are absolute and without links, or when both are there
/// and are one to the system. `together`: true where two stages run in one place; elsewhere equal
/// paths are two files. Looks at the file system where more than one stage has files.
Result<void> write_apart(const Graph& graph, const std::function<bool(StageId, StageId)>& together);

}  // namespace leat
