/// Files that stages write: each by one stage of one job, or the last to commit would be all there is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

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

/// A file that a stage reads or writes, on this machine.
struct UsedFile {
  std::string stage;  ///< its name
  std::string path;   ///< as the stage has it
  std::string place;  ///< absolute, without links
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  ///< 0: it is not there yet
  bool writes = false;
};

/// Those of these stages, as they are now. Pipes and devices, which anybody may write to, are none.
std::vector<UsedFile> used_files(const Graph& graph, const std::set<StageId>& stages);

/// One place, or one file under two names.
bool one_file(const UsedFile& a, const UsedFile& b);

}  // namespace leat
