#include <leat/cluster/job_files.hpp>

namespace leat {
namespace {

Error taken(const UsedFile& mine, const UsedFile& theirs, const std::string& job, const Member& node) {
  std::string also = mine.path == theirs.path ? "" : ", as " + theirs.path;
  return overloaded("stage " + mine.stage + (mine.writes ? " writes " : " reads ") + mine.path + " on node " +
                    node.joined.node.name + ", which stage " + theirs.stage + " of " + job +
                    (theirs.writes ? " writes" : " reads") + also +
                    ": wait until that job has ended, or give one of them a file of its own");
}

}  // namespace

Result<void> JobFiles::use(control::JobId job, const std::string& graph, const Member& node,
                           const std::vector<UsedFile>& files) {
  const std::string& host = node.joined.host;
  for (const auto& [other, held] : held_) {
    if (other == job) continue;
    for (const Used& used : held.files) {
      if (used.host != host) continue;
      for (const UsedFile& file : files) {
        if (!(file.writes || used.file.writes) || !one_file(file, used.file)) continue;
        return taken(file, used.file, "job " + std::to_string(other) + " (graph " + held.graph + ")", node);
      }
    }
  }
  Held& own = held_[job];
  own.graph = graph;
  for (const UsedFile& file : files) own.files.push_back({host, file});
  return {};
}

void JobFiles::release(control::JobId job) { held_.erase(job); }

}  // namespace leat
