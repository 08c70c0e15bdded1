#include "nodes/commands.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>

#include <leat/actors/actors.hpp>

#include "nodes/file_words.hpp"
#include "nodes/graph_build.hpp"

namespace leat::nodes {
namespace {

constexpr int kRefused = 2;
constexpr const char* kProbe = "--probe";

Answer refusal(const std::string& sentence) {
  return {"", "leat: " + shown(sentence, 1000) + "\n", kRefused};
}

bool probes(const FileWords& asked) { return asked.flags.count(kProbe) > 0; }

// Only the values that were given: the others may follow when the graph is run.
Result<void> check_values(const std::vector<Option>& params, const FileWords& asked) {
  std::vector<Option> loose = params;
  for (Option& param : loose) {
    if (!param.fallback && !probes(asked)) param.fallback = "";
  }
  auto args = Args::from(loose, asked.values);
  if (!args) return std::move(args).error();
  return {};
}

std::string sound(const FileWords& asked, const GraphFile& file) {
  std::string text =
      asked.path + ": " + std::to_string(file.stages.size()) + " stages, nothing wrong";
  return text +
         (probes(asked) ? "\n" : " that can be seen without its sources: --probe looks at them\n");
}

}  // namespace

Result<std::string> read_graph_file(const std::string& path) {
  auto unreadable = [&] { return failed(path + " cannot be read: " + std::strerror(errno)); };
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return invalid(unreadable().sentence);
  std::string text(kMostText + 1, '\0');
  errno = 0;
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) return invalid(unreadable().sentence);
  if (text.size() > kMostText) return invalid(path + " is larger than 1 MiB: a graph is not");
  return text;
}

Answer validate_command(const std::vector<std::string>& words) {
  auto request = file_words(words, "validate", "a graph: leat validate FILE.toml", {kProbe});
  if (!request) return refusal(request.error().sentence);
  auto text = read_graph_file(request->path);
  if (!text) return refusal(text.error().sentence);
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(*text, all, complaints);
  // A file that is wrong may declare its parameters wrongly.
  if (complaints.empty()) {
    if (auto ok = check_values(file.params, *request); !ok) return refusal(ok.error().sentence);
  }
  complaints =
      probes(*request) ? examine_probed(*text, request->values) : examine(*text, request->values);
  if (complaints.empty()) return {sound(*request, file), "", 0};
  Answer answer{"", "", kRefused};
  for (const Complaint& complaint : complaints) {
    answer.errors += shown(located(request->path, complaint), 1000) + "\n";
  }
  return answer;
}

Answer kinds_command(const std::vector<std::string>& words) {
  auto all = stock_kinds();
  if (words.empty()) {
    return {list_kinds(all) +
                "\nand of any kind, besides name, kind, from, after, replicas, dispatch and combine:\n" +
                show_options(stage_settings()),
            "", 0};
  }
  if (words.size() > 1) return refusal(words[1] + " is not expected here: kinds takes one kind");
  if (const DeclaredKind* entry = find_kind(all, words[0])) return {show_kind(*entry), "", 0};
  std::vector<std::string> names;
  for (const DeclaredKind& entry : all)
    names.push_back(entry.name);
  std::string near = did_you_mean(names, shown(words[0]));
  return refusal("there is no kind " + shown(words[0]) +
                 (near.empty() ? ": see leat kinds" : near));
}

}  // namespace leat::nodes
