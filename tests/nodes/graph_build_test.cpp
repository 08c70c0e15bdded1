#include "nodes/graph_build.hpp"

#include <fstream>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>
#include <leat/graph/stream.hpp>

#include "nodes/graph_program.hpp"
#include "nodes/graphs.hpp"

using namespace leat;
using namespace leat::nodes;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  BOOST_REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Graph built(const std::string& text, const std::map<std::string, std::string>& values,
            const std::string& name = "") {
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(text, all, complaints);
  auto graph = build_graph(file, parameters_of(file, values), name, complaints);
  BOOST_REQUIRE(complaints.empty());
  BOOST_REQUIRE(graph);
  return *graph;
}

std::string line(const Stage& stage) {
  return stage.name + " | " + stage.kind.name + " | " + stage.kind.options + " | " +
         std::to_string(stage.replicas.least) + "-" + std::to_string(stage.replicas.most) +
         (stage.replicas.keeps_order ? " ordered" : "") + (stage.isolated ? " isolated" : "") +
         (stage.blocking ? " blocking" : "") + " | " + stage.on;
}

// Stages by name, gates and edges by the names of their stages, in no order.
std::vector<std::string> lines(const Graph& graph) {
  std::vector<std::string> all;
  auto name = [&](StageId id) { return graph.stages()[id].name; };
  for (const Stage& stage : graph.stages()) {
    all.push_back(line(stage));
    for (StageId gate : stage.after)
      all.push_back(stage.name + " after " + name(gate));
  }
  for (const Edge& edge : graph.edges()) {
    all.push_back(name(edge.from) + " => " + name(edge.to) + " " + std::to_string(edge.port));
  }
  std::sort(all.begin(), all.end());
  return all;
}

Stage stage_named(const Graph& graph, const std::string& name) {
  for (const Stage& stage : graph.stages()) {
    if (stage.name == name) return stage;
  }
  BOOST_FAIL("no stage " + name);
  return {};
}

const Edge& edge_into(const Graph& graph, const std::string& name) {
  for (const Edge& edge : graph.edges()) {
    if (graph.stages()[edge.to].name == name) return edge;
  }
  throw std::logic_error("no edge into " + name);
}

Graph regression() {
  Graph g{"train"};
  csv::ParseOptions options;
  options.columns = options.numbers = {"distance", "time", "delay"};
  auto model =
      g.source("read", csv::blocks("f.csv"))
          .map("parse", csv::parse(options), replicas(1, 8))
          .filter("fit", split::train(0.8))
          .fold("train", linear_regression({.target = "delay", .features = {"distance", "time"}}));
  model.sink("model", model_file("model.bin"));
  g.source("read again", csv::blocks("f.csv"))
      .map("parse again", csv::parse(options), replicas(1, 8))
      .filter("hold", split::holdout(0.8))
      .after(model)
      .join("score", model, evaluate())
      .sink("report", score_report());
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_build)

BOOST_AUTO_TEST_CASE(the_regression_in_toml_is_the_one_in_cpp) {
  Graph graph = built(text_of("examples/toml/regression.toml"), {{"data", "f.csv"}});
  BOOST_TEST(graph.name() == "train");
  BOOST_TEST(lines(graph) == lines(regression()), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(settings_reach_the_stage_and_its_edges) {
  Graph graph =
      built(changed("from = \"parse\"",
                    "from = \"parse\"\nisolated = true\non = \"disk\"\ncredit = \"2MiB\"\n"
                    "state = \"3MiB\"\nemits_at_most = 4096\nreplicas = 2\nordered = true\n"
                    "dispatch = { key = \"a\" }"),
            {{"data", "f"}});
  Stage write = stage_named(graph, "write");
  BOOST_TEST(line(write) ==
             "write | csv.write | " + write.kind.options + " | 2-2 ordered isolated | disk");
  BOOST_TEST(*write.state == 3u << 20);
  BOOST_TEST(*write.max_output == 4096u);
  const Dispatch& dispatch = edge_into(graph, "write").dispatch;
  BOOST_TEST((dispatch.rule == Dispatch::Rule::key));
  BOOST_TEST(dispatch.by == "a");
  BOOST_TEST(dispatch.by_column);
  BOOST_TEST((dispatch.splitter != nullptr));
  BOOST_TEST(dispatch.window->bytes == 2u << 20);
  BOOST_TEST(stage_named(built(changed("from = \"parse\"", "from = \"parse\"\nblocking = true"),
                               {{"data", "f"}}),
                         "write")
                 .isolated);
}

BOOST_AUTO_TEST_CASE(several_streams_into_one_input_are_merged) {
  Graph graph =
      built(kSound +
                "[[stage]]\nname = \"x\"\nkind = \"discard\"\nfrom = [\"parse\", \"again\"]\n"
                "[[stage]]\nname = \"again\"\nkind = \"csv.parse\"\nfrom = \"read\"\n",
            {{"data", "f"}});
  std::size_t into = 0;
  for (const Edge& edge : graph.edges())
    into += graph.stages()[edge.to].name == "x" && edge.port == 0;
  BOOST_TEST(into == 2u);
}

BOOST_AUTO_TEST_CASE(discard_takes_whatever_comes) {
  std::string text = kSound + "[[stage]]\nname = \"x\"\nkind = \"discard\"\nfrom = \"read\"\n";
  says(text, {});
  BOOST_TEST(stage_named(built(text, {{"data", "f"}}), "x").kind.inputs[0].type.name == "CsvBlock");
}

BOOST_AUTO_TEST_CASE(waits_that_would_never_end_are_named_at_the_stage) {
  auto lines = said(changed(
      "kind = \"csv.write\"\nfrom = \"parse\"\npath = \"${out}\"",
      "kind = \"moments\"\nfrom = \"parse\"\n[[stage]]\nname = \"scaled\"\nkind = \"scale\"\n"
      "from = [\"parse\", \"write\"]\n[[stage]]\nname = \"end\"\nkind = \"discard\"\nfrom = "
      "\"scaled\""));
  BOOST_REQUIRE(lines.size() == 1u);
  BOOST_TEST(
      lines[0].find(
          "16:1: stage scaled waits for write combine to end, while both are fed by read") == 0u,
      lines[0]);
}

BOOST_AUTO_TEST_CASE(orders_that_cannot_be_kept_are_named_at_the_stage) {
  auto lines = said(changed("from = \"read\"", "from = \"read\"\nreplicas = 3\nordered = true\n"));
  BOOST_TEST(lines.empty());
  lines = said(changed("kind = \"csv.write\"\nfrom = \"parse\"\npath = \"${out}\"\n",
                       "kind = \"discard\"\nfrom = \"parse\"\nreplicas = 2\nordered = true\n"
                       "dispatch = \"broadcast\"\n"));
  BOOST_REQUIRE(lines.size() == 1u);
  BOOST_TEST(lines[0].find("12:1: stage write cannot keep order") == 0u, lines[0]);
}

BOOST_AUTO_TEST_CASE(nothing_is_read_while_a_graph_is_examined) {
  says(changed("${data}", "/nowhere/at/all.csv"), {});
  auto probed = examine_probed(kSound, {{"data", "/nowhere/at/all.csv"}});
  BOOST_REQUIRE(probed.size() == 1u);
  BOOST_TEST(probed[0].sentence.find("/nowhere/at/all.csv") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(columns_are_held_against_the_file_when_it_is_probed) {
  std::string text = text_of("examples/toml/regression.toml");
  std::map<std::string, std::string> values = {{"data", "examples/data/flights-200k.csv"},
                                               {"target", "dela"}};
  BOOST_TEST(examine(text, values).empty());
  auto probed = examine_probed(text, values);
  BOOST_REQUIRE(probed.size() == 1u);
  BOOST_TEST(probed[0].at.line == 32u);
  BOOST_TEST(probed[0].sentence.find("stage parse: ") == 0u, probed[0].sentence);
  BOOST_TEST(probed[0].sentence.find("did you mean \"delay\"?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(given_values_are_examined) {
  std::string text = changed("path = \"${out}\"", "path = \"${out}\"\ndelimiter = \"${out}\"");
  BOOST_TEST(said(text, {{"out", ";"}}).empty());
  BOOST_TEST(said(text, {{"out", "ab"}}).at(0) ==
             "17:13: stage write: delimiter: \"ab\" must be one ASCII character, or tab");
}

BOOST_AUTO_TEST_CASE(another_process_builds_the_same_graph_from_the_args_alone) {
  std::string text = text_of("examples/toml/regression.toml");
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(text, all, complaints);
  Program here = graph_program("regression.toml", text, file);
  auto args = Args::from(all_params(here), {{"data", "f.csv"}, {"share", "0.7"}});
  BOOST_REQUIRE(args);
  Program there = any_graph_program();
  BOOST_TEST(here.name == there.name);
  // The other process knows the parameters by the graph that came with them.
  auto arrived = Args::from(all_params(there, args->values()), args->values());
  BOOST_REQUIRE(arrived);
  BOOST_TEST((arrived->values() == args->values()));
  BOOST_TEST(lines(here.build(*args)) == lines(there.build(*args)),
             boost::test_tools::per_element());
  BOOST_TEST(stage_named(there.build(*args), "fit").kind.options == "fraction=0.7 seed=0");
  for (const Option& param : here.params)
    BOOST_TEST(param.hidden == (param.name == "graph" || param.name == "folder"));
}

BOOST_AUTO_TEST_CASE(paths_begin_in_the_folder_the_job_was_submitted_from) {
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(kSound, all, complaints);
  Program program = graph_program("g.toml", kSound, file);
  auto args = Args::from(all_params(program), {{"data", "f.csv"}, {"folder", "/here"}});
  BOOST_REQUIRE(args);
  BOOST_TEST(stage_named(program.build(*args), "read").kind.options.find("path=/here/f.csv") == 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_built_of_its_args_is_refused_by_check_with_its_place) {
  std::string text = changed("path = \"${out}\"", "path = \"${out}\"\ndelimiter = \"${out}\"");
  text = text.replace(text.find("\"out.csv\""), 9, "\";\"");
  Complaints complaints;
  auto all = stock_kinds();
  Program program = graph_program("g.toml", text, read_graph(text, all, complaints));
  auto args = Args::from(all_params(program), {{"data", "f"}, {"out", "ab"}});
  BOOST_REQUIRE(args);
  auto checked = program.build(*args).check();
  BOOST_REQUIRE(!checked);
  BOOST_TEST((checked.error().kind == ErrorKind::invalid));
  BOOST_TEST(checked.error().sentence ==
             "g.toml:17:13: stage write: delimiter: \"ab\" must be one ASCII character, or tab");
}

BOOST_AUTO_TEST_CASE(what_a_stage_finds_wrong_names_its_place_in_the_file) {
  std::string text = changed("from = \"read\"", "from = \"read\"\ncolumns = [\"none\"]");
  auto checked = built(text, {{"data", "examples/data/flights-200k.csv"}}, "g.toml").check();
  BOOST_REQUIRE(!checked);
  BOOST_TEST(checked.error().sentence.find("stage parse: ") != std::string::npos);
  BOOST_TEST(checked.error().sentence.find(" (g.toml:8:1)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_source_finds_wrong_is_at_its_stage_and_names_that_begin_alike_are_told_apart) {
  auto probed = examine_probed(kSound, {{"data", "/nowhere/at/all.csv"}});
  BOOST_REQUIRE(probed.size() == 1u);
  BOOST_TEST((probed[0].at == Position{4, 1}));
  std::string text = kSound + "[[stage]]\nname = \"write x\"\nkind = \"csv.write\"\nfrom = \"parse\"\n"
                              "path = \"other.csv\"\nreplicas = 2\n";
  BOOST_TEST(said(text).at(0).find("17:1: stage write x writes other.csv") == 0u, said(text).at(0));
}

BOOST_AUTO_TEST_CASE(an_error_of_a_stage_tells_its_place_apart_from_the_sentence) {
  std::string text = changed("from = \"read\"", "from = \"read\"\ncolumns = [\"none\"]");
  auto checked = built(text, {{"data", "examples/data/flights-200k.csv"}}, "g.toml").check();
  BOOST_REQUIRE(!checked);
  BOOST_TEST((checked.error().subject() ==
              Subject{.graph = "graph", .stage = "parse", .file = "g.toml", .line = 8, .column = 1}));
}

BOOST_AUTO_TEST_SUITE_END()
