#include <leat/graph/fingerprint.hpp>

#include <set>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Graph sample(const std::string& options = "delimiter=,") {
  Graph g{"sample"};
  auto kind = numbers();
  kind.options = options;
  Stream<Number> read = g.source("read", kind).on("disk").credit(1 << 20, 16);
  Stream<Number> parse = read.map("parse", passing<Number>(), replicas(1, 8).ordered());
  g.source("again", numbers()).map("late", same()).after(parse).sink("kept", drop());
  parse.compressed().sink("out", drop()).on("gpu+disk");
  return g;
}

std::string difference(const Graph& ours, const Graph& theirs) {
  return first_difference(canonical_lines(ours), canonical_lines(theirs));
}

std::string hash(const Graph& graph) { return fingerprint(canonical_lines(graph)); }

std::string line(const Graph& graph, std::size_t at) { return canonical_lines(graph).at(at); }

}  // namespace

BOOST_AUTO_TEST_SUITE(fingerprint)

BOOST_AUTO_TEST_CASE(equal_graphs_have_equal_lines_and_hashes) {
  BOOST_TEST(difference(sample(), sample()) == "");
  BOOST_TEST(hash(sample()) == hash(sample()));
  BOOST_TEST(hash(sample()).size() == 32u);
  BOOST_TEST(hash(sample()).find_first_not_of("0123456789abcdef") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_line_says_all_there_is_to_a_stage_and_an_edge) {
  const std::string number = Number::payload_type().name + " @";
  BOOST_TEST(line(sample(), 0) == "graph sample\tlatency 10 ms");
  BOOST_TEST(line(sample(), 1).rfind("stage read\tkind test.source\toptions delimiter=,\tgives " + number, 0) == 0u);
  BOOST_TEST(line(sample(), 1).ends_with("\tsharing single\treplicas 0 to 0\ton disk"));
  BOOST_TEST(line(sample(), 2).ends_with("\tsharing stateless\treplicas 1 to 8 ordered"));
  BOOST_TEST(line(sample(), 4).ends_with("\ta function\tafter parse"));
  BOOST_TEST(line(sample(), 7) == "edge from read to parse\tinput 0\tdispatch forward\tcredit 1048576 bytes, 16 chunks");
  BOOST_TEST(line(sample(), 10) == "edge from parse to out\tinput 0\tdispatch forward\tcompressed");
  BOOST_TEST(canonical_lines(sample()).size() == 11u);
}

BOOST_AUTO_TEST_CASE(the_first_difference_is_named) {
  BOOST_TEST(difference(sample("a"), sample("b")) == "stage read: theirs has options b, ours has options a");
  Graph more = sample();
  more.add({});
  BOOST_TEST(difference(sample(), more) == "theirs has stage , ours has edge from read to parse");
  Graph linked = sample();
  linked.connect({0, 1, 0, {}});
  BOOST_TEST(difference(sample(), linked) == "theirs has edge from read to parse, ours does not");
  BOOST_TEST(difference(linked, sample()) == "ours has edge from read to parse, theirs does not");
  Graph apart = sample();
  apart.stage(1).isolated = true;
  BOOST_TEST(difference(sample(), apart) == "stage parse: theirs has isolated, ours has nothing more");
  Graph moved = sample();
  moved.stage(0).on = "gpu";
  BOOST_TEST(difference(sample(), moved) == "stage read: theirs has on gpu, ours has on disk");
}

BOOST_AUTO_TEST_CASE(every_part_of_a_stage_and_an_edge_counts) {
  std::vector<std::function<void(Stage&)>> stages = {
      [](Stage& s) { s.name = "other"; },
      [](Stage& s) { s.kind.name = "other"; },
      [](Stage& s) { s.kind.options = "other"; },
      [](Stage& s) { s.kind.inputs[0].type.id = 1; },
      [](Stage& s) { s.kind.inputs[0].whole_first = true; },
      [](Stage& s) { s.kind.output->id = 1; },
      [](Stage& s) { s.kind.output.reset(); },
      [](Stage& s) { s.kind.sharing = Sharing::combinable; },
      [](Stage& s) { s.kind.opaque = true; },
      [](Stage& s) { s.replicas.least = 2; },
      [](Stage& s) { s.replicas.most = 9; },
      [](Stage& s) { s.replicas.keeps_order = false; },
      [](Stage& s) { s.isolated = true; },
      [](Stage& s) { s.blocking = true; },
      [](Stage& s) { s.after = {0}; },
      [](Stage& s) { s.on = "gpu"; },
      [](Stage& s) { s.state = 1; },
      [](Stage& s) { s.max_output = 1; },
  };
  std::set<std::string> seen = {hash(sample())};
  for (const auto& change : stages) {
    Graph g = sample();
    change(g.stage(1));
    BOOST_TEST(seen.insert(hash(g)).second);
  }
  std::vector<std::function<void(Edge&)>> edges = {
      [](Edge& e) { e.from = 1; },
      [](Edge& e) { e.to = 1; },
      [](Edge& e) { e.port = 1; },
      [](Edge& e) { e.dispatch.rule = Dispatch::Rule::key; },
      [](Edge& e) { e.dispatch.by = "x"; },
      [](Edge& e) { e.dispatch.by = "x", e.dispatch.by_column = true; },
      [](Edge& e) { e.dispatch.window = Amount{1, 2}; },
      [](Edge& e) { e.dispatch.window = Amount{2, 1}; },
      [](Edge& e) { e.dispatch.compress = true; },
  };
  for (const auto& change : edges) {
    Graph g = sample();
    Edge edge{0, 5, 0, {}};
    change(edge);
    g.connect(edge);
    BOOST_TEST(seen.insert(hash(g)).second);
  }
}

BOOST_AUTO_TEST_CASE(names_and_options_with_line_ends_stay_on_one_line) {
  Graph g = sample("a\tb\nc\\x09");
  BOOST_TEST(line(g, 1).find("options a\\x09b\\x0ac\\x5cx09\tgives") != std::string::npos);
  BOOST_TEST(hash(sample("a\tb")) != hash(sample("a\\x09b")));
}

BOOST_AUTO_TEST_CASE(a_graph_that_is_the_same_twice_is_built) {
  auto built = build_twice([] { return sample(); });
  BOOST_REQUIRE(built);
  BOOST_TEST(hash(*built) == hash(sample()));
}

BOOST_AUTO_TEST_CASE(a_graph_that_differs_when_built_twice_is_refused) {
  int turn = 0;
  auto built = build_twice([&] { return sample("seed=" + std::to_string(++turn)); });
  BOOST_REQUIRE(!built);
  BOOST_TEST((built.error().kind == ErrorKind::invalid));
  BOOST_TEST(built.error().sentence ==
             "graph sample differs when it is built twice (stage read: the second has options seed=2, the "
             "first has options seed=1): build it from its arguments only, without clocks, random numbers "
             "or the environment");
}

BOOST_AUTO_TEST_SUITE_END()
