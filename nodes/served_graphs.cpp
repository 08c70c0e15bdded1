#include "nodes/served_graphs.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include <leat/actors/actors.hpp>

#include "nodes/commands.hpp"
#include "nodes/graph_build.hpp"
#include "nodes/graph_program.hpp"

namespace leat::nodes {
namespace {

namespace fs = std::filesystem;

Result<Program> served_file(const std::string& path) {
  auto text = read_graph_file(path);
  if (!text) return std::move(text).error();
  Complaints complaints = examine(*text, {});
  if (!complaints.empty()) return invalid(located(path, complaints.front()));
  auto kinds = stock_kinds();
  return served_program(path, read_graph(*text, kinds, complaints));
}

}  // namespace

Result<std::string> take_graphs_folder(std::vector<std::string>& words) {
  std::optional<std::string> folder;
  const std::string option = "--graphs";
  for (std::size_t at = 0; at < words.size();) {
    bool joined = words[at].rfind(option + "=", 0) == 0;
    if (!joined && words[at] != option) {
      ++at;
      continue;
    }
    if (folder) return invalid("--graphs is given twice: one folder has all graphs");
    if (!joined && at + 1 == words.size()) return invalid("--graphs needs a folder: leat serve --graphs FOLDER");
    folder = joined ? words[at].substr(option.size() + 1) : words[at + 1];
    auto first = words.begin() + static_cast<std::ptrdiff_t>(at);
    words.erase(first, first + (joined ? 1 : 2));
  }
  if (!folder) return invalid("serve needs the folder of its graphs: leat serve --graphs FOLDER");
  return *folder;
}

Result<std::vector<Program>> served_graphs(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  fs::path whole = fs::canonical(folder, error);
  for (fs::directory_iterator at(whole, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".toml" && at->is_regular_file(error)) paths.push_back(at->path());
  }
  if (error) return invalid("--graphs " + shown(folder) + ": " + error.message());
  if (paths.empty()) return invalid("--graphs " + shown(folder) + " has no graph: put files NAME.toml there");
  std::sort(paths.begin(), paths.end());
  std::vector<Program> programs;
  for (const std::string& path : paths) {
    auto program = served_file(path);
    if (!program) return std::move(program).error();
    programs.push_back(std::move(*program));
  }
  return programs;
}

}  // namespace leat::nodes
