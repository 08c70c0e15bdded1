#include <leat/graph/read_files.hpp>

#include <sys/stat.h>

#include <leat/graph/graph_error.hpp>
#include <leat/graph/input_paths.hpp>
#include <leat/graph/written_files.hpp>

namespace leat {
namespace {

struct Read {
  StageId stage;
  std::string path;
};

std::string in_words(const std::string& path) { return is_standard_input(path) ? kStandardInput : path; }

bool one_file(const std::string& a, const std::string& b) {
  if (is_standard_input(a) || is_standard_input(b)) return is_standard_input(a) && is_standard_input(b);
  // std::filesystem::equivalent() is of regular files and folders.
  struct stat first {};
  struct stat other {};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &other) == 0 && first.st_dev == other.st_dev &&
         first.st_ino == other.st_ino;
}

}  // namespace

Result<void> read_apart(const Graph& graph, const std::function<bool(StageId, StageId)>& together) {
  std::vector<Read> read;
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    for (const std::string& path : graph.stages()[id].kind.reads_from) read.push_back({id, path});
  }
  for (std::size_t i = 1; i < read.size(); ++i) {
    if (!read_once(read[i].path)) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (!together(read[i].stage, read[j].stage) || !one_file(read[i].path, read[j].path)) continue;
      return stage_error(graph, read[i].stage,
                         "reads " + in_words(read[i].path) + ", which stage " + graph.stages()[read[j].stage].name +
                             " reads too, and which gives what it has only once: save it to a file, and read that");
    }
  }
  return {};
}

Result<void> files_apart(const Graph& graph, const std::function<bool(StageId, StageId)>& together) {
  auto apart = read_apart(graph, together);
  return apart ? write_apart(graph, together) : apart;
}

Result<void> reads_no_standard_input(const Graph& graph) {
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    for (const std::string& path : graph.stages()[id].kind.reads_from) {
      if (!is_standard_input(path)) continue;
      return stage_error(graph, id,
                         "reads standard input, which a cluster's nodes do not have: save it to a file that they can "
                         "read, or run it in one process");
    }
  }
  return {};
}

}  // namespace leat
