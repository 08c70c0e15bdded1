#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <nlohmann/json.hpp>

#include <leat/graph/render.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct Drawn {
  explicit Drawn(const Graph& graph)
      : checked(graph.check().value()),
        layout(layout_of(checked, 2).value()),
        bound(memory_bound(checked, layout, 1000)) {}
  Checked checked;
  Layout layout;
  Bound bound;
};

Graph sample() {
  Graph g{"a \"quoted\" graph"};
  Stream<Table> model = g.source("read", tables({{"x"}, {"y", ColumnType::F32}}))
                            .map("fit", passing<Table>(), replicas(2).ordered());
  model.sink("keep", drop_table());
  g.source("again", tables({{"x"}}))
      .map("score\\", passing<Table>())
      .after(model)
      .sink("out \"1\"", drop_table());
  return g;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(render)

BOOST_AUTO_TEST_CASE(the_text_has_cells_links_and_every_term) {
  Drawn drawn(sample());
  std::string text = plan_text(drawn.checked, drawn.layout, drawn.bound);
  BOOST_TEST(holds(text, "2 x  read -> fit, in order"));
  BOOST_TEST(holds(text, ", after fit"));
  BOOST_TEST(holds(text, "fit => keep  balance, merged in order"));
  BOOST_TEST(holds(text, "memory bound " + byte_text(drawn.bound.total())));
  for (const BoundTerm& term : drawn.bound.terms)
    BOOST_TEST(holds(text, std::string(term_name(term.what)) + ": " + term.where));
}

BOOST_AUTO_TEST_CASE(the_text_says_what_is_elastic) {
  Graph g{"g"};
  auto rows = g.source("read", tables({{"x"}})).map("scale", passing<Table>(), replicas(1, 8).ordered());
  rows.sink("keep", drop_table());
  Drawn drawn(g);
  std::string text = plan_text(drawn.checked, drawn.layout, drawn.bound);
  BOOST_TEST(holds(text, "2 x  read -> scale, in order, elastic from 1 to 8\n"));
  BOOST_TEST(holds(text, "1 x  keep\n"));
  Drawn fixed(sample());
  BOOST_TEST(!holds(plan_text(fixed.checked, fixed.layout, fixed.bound), "elastic"));
}

BOOST_AUTO_TEST_CASE(the_dot_has_a_box_a_stage_a_cluster_a_cell_and_an_arrow_an_edge) {
  Drawn drawn(sample());
  std::string dot = plan_dot(drawn.checked, drawn.layout);
  BOOST_TEST(dot.rfind("digraph \"a \\\"quoted\\\" graph\" {", 0) == 0u);
  BOOST_TEST(count(dot, "[label=\"") == drawn.checked.graph.stages().size());
  BOOST_TEST(count(dot, "subgraph cluster_") == drawn.layout.cells.size());
  BOOST_TEST(count(dot, " -> s") == drawn.checked.graph.edges().size() + 1);
  BOOST_TEST(count(dot, "label=\"after\"") == 1u);
  BOOST_TEST(count(dot, "{") == count(dot, "}"));
}

BOOST_AUTO_TEST_CASE(graphviz_takes_the_dot) {
  if (std::system("command -v dot >/dev/null 2>&1") != 0) {
    BOOST_TEST_MESSAGE("skipped: graphviz is not installed");
    return;
  }
  Drawn drawn(sample());
  FILE* dot = popen("dot -Tplain >/dev/null 2>&1", "w");
  BOOST_REQUIRE(dot);
  std::fputs(plan_dot(drawn.checked, drawn.layout).c_str(), dot);
  BOOST_TEST(pclose(dot) == 0);
}

BOOST_AUTO_TEST_CASE(the_json_says_what_the_layout_says) {
  Drawn drawn(sample());
  auto json = nlohmann::json::parse(plan_json(drawn.checked, drawn.layout, drawn.bound));
  BOOST_TEST(json["graph"] == "a \"quoted\" graph");
  BOOST_TEST(json["threads"] == 2);
  BOOST_REQUIRE(json["stages"].size() == 6u);
  BOOST_TEST(json["stages"][1]["name"] == "fit");
  BOOST_TEST(json["stages"][1]["replicas"] == 2);
  BOOST_TEST(json["stages"][1]["columns"][1]["type"] == "f32");
  BOOST_TEST(json["stages"][4]["after"][0] == "fit");
  BOOST_REQUIRE(json["links"].size() == drawn.layout.links.size());
  BOOST_TEST(json["links"][0]["from"] == "fit");
  BOOST_TEST(json["links"][0]["merges"] == true);
  BOOST_TEST(json["links"][0]["credit_bytes"] == kDefaultWindow.bytes);
}

BOOST_AUTO_TEST_CASE(the_terms_in_the_json_add_up) {
  Drawn drawn(sample());
  auto json = nlohmann::json::parse(plan_json(drawn.checked, drawn.layout, drawn.bound));
  std::uint64_t sum = 0;
  for (const auto& term : json["bound"]["terms"])
    sum += term["bytes"].get<std::uint64_t>();
  BOOST_TEST(sum == drawn.bound.total());
  BOOST_TEST(json["bound"]["bytes"] == drawn.bound.total());
}

BOOST_AUTO_TEST_CASE(names_that_are_not_utf8_are_shown_and_break_nothing) {
  Graph g{"g\xff"};
  auto kind = numbers();
  kind.options = "caf\xe9.csv";
  g.source("read \xe9", kind).sink("out", drop());
  Drawn drawn(g);
  auto json = nlohmann::json::parse(plan_json(drawn.checked, drawn.layout, drawn.bound));
  BOOST_TEST(json["stages"].size() == 2u);
  BOOST_TEST(holds(plan_dot(drawn.checked, drawn.layout), "read "));
}

BOOST_AUTO_TEST_CASE(what_a_terminal_would_obey_is_shown) {
  Graph g{"g\x1b[2J"};
  g.source("read\n", numbers()).map("pa\x1b[31mss", passing<Number>()).isolated().sink("out\a", drop());
  Drawn drawn(g);
  std::string text = plan_text(drawn.checked, drawn.layout, drawn.bound);
  BOOST_TEST(holds(text, "pa\\x1b[31mss"), text);
  BOOST_TEST(holds(text, "read\\n"), text);
  BOOST_TEST(std::none_of(text.begin(), text.end(), [](char c) { return c != '\n' && static_cast<unsigned char>(c) < 0x20; }), text);
}

BOOST_AUTO_TEST_SUITE_END()
