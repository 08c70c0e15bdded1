// Other options, another text; and a function says that it is one.
#include <set>

#include <rapidcheck/boost_test.h>

#include <leat/graph/fingerprint.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

std::string line_of(const Graph& graph, std::size_t at) {
  return canonical_lines(graph).at(at);
}
bool has(const std::string& line, const std::string& field) {
  return (line + "\t").find("\t" + field + "\t") != std::string::npos;
}

// Reads what option_texts wrote with spaces between.
std::vector<std::string> read_back(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string one;
    if (text[at] != '"') {
      while (at < text.size() && text[at] != ' ')
        one += text[at++];
    } else {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
        one += text[at];
      }
      ++at;
    }
    all.push_back(one);
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(plain_names_stand_as_they_are_and_others_in_quotes) {
  BOOST_TEST(option_text("speed") == "speed");
  BOOST_TEST(option_text("/data/f-1_2.csv+x") == "/data/f-1_2.csv+x");
  BOOST_TEST(option_text("fär") == "fär");
  BOOST_TEST(option_text("") == "\"\"");
  BOOST_TEST(option_text("a b") == "\"a b\"");
  BOOST_TEST(option_text("a,b=c") == "\"a,b=c\"");
  BOOST_TEST(option_text("say \"a\\b\"") == "\"say \\\"a\\\\b\\\"\"");
  BOOST_TEST(option_texts({}, ",") == "");
  BOOST_TEST(option_texts({"a", "b c"}, ",") == "a,\"b c\"");
  BOOST_TEST(option_texts({"a b"}, " ") != option_texts({"a", "b"}, " "));
  BOOST_TEST(option_texts({""}, ",") != option_texts({}, ","));
}

RC_BOOST_PROP(lists_of_names_can_be_read_back, ()) {
  auto names = *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(
      rc::gen::element('a', 'b', ' ', '"', '\\', ',', '=', '\n', ':')));
  RC_ASSERT(read_back(option_texts(names, " ")) == names);
}

BOOST_AUTO_TEST_CASE(every_lambda_says_that_it_is_a_function) {
  struct Sum {
    void add(const Number&) {}
    Number finish() { return Number(); }
  };
  Graph g{"g"};
  g.source("s", [](Out<Number>&) { return false; })
      .map("map", same())
      .filter("filter", [](const Number&) { return true; })
      .flat_map("flat", [](Number, Out<Number>&) {})
      .fold("fold", Sum{})
      .sink("sink", drop());
  for (std::size_t at = 1; at <= 6; ++at)
    BOOST_TEST(has(line_of(g, at), "a function"), line_of(g, at));
  // A filter's columns are those of what goes in.
  BOOST_TEST(!has(line_of(g, 3), "columns unknown"));
  BOOST_TEST(has(line_of(g, 2), "columns unknown"));
  Graph plain{"g"};
  plain.source("s", numbers())
      .map("map", passing<Number>())
      .sink("sink", collect(Collected<Number>()));
  for (std::size_t at = 1; at <= 3; ++at)
    BOOST_TEST(!has(line_of(plain, at), "a function"), line_of(plain, at));
}

BOOST_AUTO_TEST_CASE(a_key_function_says_so_on_its_edge_and_a_column_does_not) {
  Graph g{"g"};
  g.source("s", numbers())
      .by_key("value", [](const Number& n) { return n.read().getValue(); })
      .map("map", same())
      .sink("sink", drop());
  BOOST_TEST(has(line_of(g, 4), "a function"), line_of(g, 4));
  BOOST_TEST(!has(line_of(g, 5), "a function"));
  Graph t{"t"};
  t.source("s", tables({{"x"}}))
      .by_column("x")
      .map("map", passing<Table>())
      .sink("sink", drop_table());
  BOOST_TEST(!has(line_of(t, 4), "a function"), line_of(t, 4));
}

BOOST_AUTO_TEST_CASE(the_flag_alone_makes_another_graph) {
  auto build = [](bool function, bool opaque) {
    Graph g{"g"};
    auto kind = passing<Number>();
    kind.has_function = function;
    kind.opaque = opaque;
    g.source("s", numbers()).map("map", std::move(kind)).sink("sink", drop());
    return fingerprint(canonical_lines(g));
  };
  std::set<std::string> seen;
  for (bool function : {false, true}) {
    for (bool opaque : {false, true})
      BOOST_TEST(seen.insert(build(function, opaque)).second);
  }
}

BOOST_AUTO_TEST_CASE(other_chunks_in_memory_are_other_options) {
  auto pool = Pool::make();
  auto one = [&](std::uint64_t value) {
    Building<schema::Number> building(*pool);
    building.root().setValue(value);
    return Number(std::move(building).finish());
  };
  std::set<std::string> seen;
  for (auto values : {std::vector<std::uint64_t>{}, {1}, {2}, {1, 2}, {2, 1}}) {
    std::vector<Number> payloads;
    for (std::uint64_t value : values)
      payloads.push_back(one(value));
    BOOST_TEST(seen.insert(from_memory(payloads).options).second);
    BOOST_TEST(from_memory(payloads).options == from_memory(payloads).options);
  }
}

BOOST_AUTO_TEST_SUITE_END()
