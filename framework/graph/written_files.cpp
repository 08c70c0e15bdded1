#include <algorithm>
#include <filesystem>

#include <leat/graph/graph_error.hpp>
#include <leat/graph/written_files.hpp>

namespace leat {
namespace {

namespace fs = std::filesystem;

struct Written {
  StageId stage;
  std::string path;
  fs::path place;  // absolute, without links as far as it is there
};

fs::path place_of(const std::string& path) {
  std::error_code no;
  fs::path whole = fs::absolute(path, no);
  if (no) whole = path;
  fs::path real = fs::weakly_canonical(whole, no);
  return no ? whole.lexically_normal() : real.lexically_normal();
}

bool one_file(const Written& a, const Written& b) {
  if (a.place == b.place) return true;
  std::error_code no;
  return fs::equivalent(a.place, b.place, no) && !no;
}

Error both(const Graph& graph, const Written& first, const Written& second) {
  std::string also = first.path == second.path ? "" : ", as " + first.path;
  return stage_error(graph, second.stage,
                 "writes " + second.path + ", which stage " + graph.stages()[first.stage].name +
                     " writes too" + also +
                     ": one result would be lost; give each a file of its own");
}

}  // namespace

Result<void> write_apart(const Graph& graph,
                         const std::function<bool(StageId, StageId)>& together) {
  std::vector<Written> files;
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    const Stage& stage = graph.stages()[id];
    std::size_t most = std::max(stage.replicas.least, stage.replicas.most);
    for (const std::string& path : stage.kind.writes) {
      // Of replicas that keep order the layout says what is wrong first.
      if (most > 1 && !stage.replicas.keeps_order) {
        return stage_error(graph, id,
                       "writes " + path + " and may have " + std::to_string(most) +
                           " replicas, which would overwrite each other: give it one");
      }
      files.push_back({id, path, {}});
    }
  }
  if (files.size() < 2) return {};
  for (Written& file : files)
    file.place = place_of(file.path);
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!together(files[i].stage, files[j].stage) || !one_file(files[i], files[j])) continue;
      return both(graph, files[j], files[i]);
    }
  }
  return {};
}

}  // namespace leat
