/// Which files jobs read and write at the same time: what one writes no other reads or writes. Pure.
#pragma once

#include <leat/cluster/membership.hpp>
#include <leat/graph/written_files.hpp>

#include <map>
#include <string>
#include <vector>

namespace leat {

/// Files of one machine are told apart by place, device and inode; those of two are two. Threads: one at a time.
class JobFiles {
 public:
  /// The job's stages use these files on the node's machine from now on. Error: overloaded, and nothing is noted,
  /// when another job writes what this one would read or write, or reads what it would write.
  Result<void> use(control::JobId job, const std::string& graph, const Member& node,
                   const std::vector<UsedFile>& files);
  /// It uses none any more.
  void release(control::JobId job);

 private:
  struct Used {
    std::string host;
    UsedFile file;
  };
  struct Held {
    std::string graph;
    std::vector<Used> files;
  };
  std::map<control::JobId, Held> held_;
};

}  // namespace leat
