#include <algorithm>
#include <filesystem>

#include <sys/stat.h>

#include <leat/graph/graph_error.hpp>
#include <leat/graph/input_paths.hpp>
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
  whole = followed(whole);
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

Error read_too(const Graph& graph, const Written& written, const Written& read) {
  std::string also = written.path == read.path ? "" : ", as " + read.path;
  return stage_error(graph, written.stage,
                     "writes " + written.path + ", which stage " + graph.stages()[read.stage].name + " reads" + also +
                         ": what was there would be lost; give it a file of its own");
}

// What any stage reads, where there is something to compare it with. What can be read only once is not replaced.
std::vector<Written> read_by(const Graph& graph) {
  std::vector<Written> files;
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    for (const std::string& given : graph.stages()[id].kind.reads_from) {
      auto found = files_of(given);
      // Of a pattern that nothing matches its source says so.
      for (const std::string& path : found ? *found : std::vector<std::string>{given}) {
        if (is_standard_input(path) && read_once(path)) continue;
        files.push_back({id, path, place_of(is_standard_input(path) ? "/dev/stdin" : path)});
      }
    }
  }
  return files;
}

}  // namespace

fs::path followed(const fs::path& path) {
  constexpr int kMostLinks = 40;  // as the system
  fs::path real = path;
  std::error_code error;
  for (int links = 0; links < kMostLinks && fs::is_symlink(real, error); ++links) {
    fs::path to = fs::read_symlink(real, error);
    if (error) break;
    real = real.parent_path() / to;
  }
  return real;
}

std::vector<UsedFile> used_files(const Graph& graph, const std::set<StageId>& stages) {
  std::vector<UsedFile> files;
  auto add = [&](const Stage& stage, const std::string& path, bool writes) {
    UsedFile file{stage.name, path, place_of(path).string(), 0, 0, writes};
    struct stat found {};
    if (::stat(file.place.c_str(), &found) == 0) {
      if (!S_ISREG(found.st_mode)) return;
      file.device = found.st_dev;
      file.inode = found.st_ino;
    }
    files.push_back(std::move(file));
  };
  for (StageId id : stages) {
    const Stage& stage = graph.stages()[id];
    for (const std::string& path : stage.kind.reads_from) add(stage, path, false);
    for (const std::string& path : stage.kind.writes) add(stage, path, true);
  }
  return files;
}

bool one_file(const UsedFile& a, const UsedFile& b) {
  return a.place == b.place || (a.inode != 0 && a.inode == b.inode && a.device == b.device);
}

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
  if (files.empty()) return {};
  for (Written& file : files)
    file.place = place_of(file.path);
  for (const Written& read : read_by(graph)) {
    for (const Written& file : files) {
      if (together(file.stage, read.stage) && one_file(file, read)) return read_too(graph, file, read);
    }
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!together(files[i].stage, files[j].stage) || !one_file(files[i], files[j])) continue;
      return both(graph, files[j], files[i]);
    }
  }
  return {};
}

}  // namespace leat
