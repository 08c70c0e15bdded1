#include "nodes/graph_program.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <leat/actors/actors.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/stream.hpp>

#include "nodes/graph_build.hpp"

namespace leat::nodes {
namespace {

struct RefusedSource final : Source {
  explicit RefusedSource(std::string why) : sentence(std::move(why)) {}
  Result<Description> probe() override { return invalid(sentence); }
  Result<Step> pull(Outbox&) override { return invalid(sentence); }
  std::string sentence;
};

// A program builds a Graph and nothing else: this one says why it is none.
Graph refused(const std::string& name, const std::string& sentence) {
  auto kind = stage_kind<Table>("refused", sentence);
  kind.source = [sentence] { return std::make_unique<RefusedSource>(sentence); };
  Graph graph(name);
  graph.source("refused", kind).sink("nothing", discard<Table>());
  return graph;
}

std::vector<Option> hidden(std::optional<std::string> text) {
  return {{.name = "graph",
           .sentence = "the graph as TOML",
           .fallback = std::move(text),
           .hidden = true},
          {.name = "folder",
           .type = OptionType::path,
           .sentence = "where relative paths begin",
           .fallback = ".",
           .hidden = true}};
}

// The parameters of the graph that is a parameter.
std::vector<Option> declared(const std::map<std::string, std::string>& values) {
  auto text = values.find("graph");
  if (text == values.end()) return {};
  Complaints complaints;
  auto all = stock_kinds();
  return read_graph(text->second, all, complaints).params;
}

}  // namespace

Graph graph_from(const Args& args, const std::string& path) {
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(args["graph"], all, complaints);
  Parameters parameters = parameters_of(file, args.values());
  parameters.folder = args["folder"];
  auto graph = build_graph(file, parameters, path, complaints);
  if (graph) return *graph;
  auto first = std::min_element(complaints.begin(), complaints.end(),
                                [](const Complaint& a, const Complaint& b) { return a.at < b.at; });
  return refused(file.name, located(path, *first));
}

Program graph_program(const std::string& path, const std::string& text, const GraphFile& file) {
  Program program = any_graph_program();
  program.sentence = file.sentence.empty() ? "Runs the graph " + file.name + "." : file.sentence;
  program.params = hidden(text);
  program.build = [path](const Args& args) { return graph_from(args, path); };
  return program;
}

Program served_program(const std::string& path, const GraphFile& file) {
  Program program;
  program.name = std::filesystem::path(path).stem();
  program.sentence = file.sentence.empty() ? "Runs the graph " + file.name + "." : file.sentence;
  program.params = file.params;
  program.word = path;
  program.build = [](const Args&) -> Graph { throw std::logic_error("a graph that is served is built by its job"); };
  return program;
}

Program any_graph_program() {
  return {.name = "graph",
          .sentence = "Runs graphs written as TOML.",
          .params = hidden(std::nullopt),
          .build = [](const Args& args) { return graph_from(args, "graph"); },
          .more = declared};
}

}  // namespace leat::nodes
