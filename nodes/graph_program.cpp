#include "nodes/graph_program.hpp"

#include <algorithm>

#include <leat/actors/discard.hpp>
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

std::vector<Param> hidden(std::optional<std::string> text) {
  return {{.name = "graph",
           .sentence = "the graph as TOML",
           .fallback = std::move(text),
           .hidden = true},
          {.name = "folder",
           .type = ParamType::path,
           .sentence = "where relative paths begin",
           .fallback = ".",
           .hidden = true}};
}

}  // namespace

Graph graph_from(const Args& args, const std::string& path) {
  Complaints complaints;
  auto all = kinds();
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
  Program program{.name = "graph", .sentence = file.sentence, .params = file.params, .build = {}};
  if (program.sentence.empty()) program.sentence = "Runs the graph " + file.name + ".";
  for (Param& param : hidden(text))
    program.params.push_back(std::move(param));
  program.build = [path](const Args& args) { return graph_from(args, path); };
  return program;
}

Program any_graph_program() {
  return {.name = "graph",
          .sentence = "Runs graphs written as TOML.",
          .params = hidden(std::nullopt),
          .build = [](const Args& args) { return graph_from(args, "graph"); }};
}

}  // namespace leat::nodes
