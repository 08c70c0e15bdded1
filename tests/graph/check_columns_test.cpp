// Columns: what merges and keys need of them, and what is known behind a lambda.
#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

BOOST_AUTO_TEST_SUITE(check_columns)

BOOST_AUTO_TEST_CASE(an_unknown_key_column_is_refused_with_the_nearest_name) {
  Graph g{"g"};
  g.source("read", tables({{"speed"}, {"mass"}}))
      .by_column("sped")
      .map("pass", passing<Table>())
      .sink("out", drop_table());
  refused(g, "stage pass is keyed by column sped, which read does not give (did you mean speed?)");
}

BOOST_AUTO_TEST_CASE(a_key_column_unlike_all_is_refused_with_those_there_are) {
  Graph g{"g"};
  g.source("read", tables({{"speed"}, {"mass"}}))
      .by_column("temperature")
      .map("pass", passing<Table>())
      .sink("out", drop_table());
  refused(g, "does not give: it gives speed and mass");
}

BOOST_AUTO_TEST_CASE(a_key_column_that_is_there_passes) {
  Graph g{"g"};
  g.source("read", tables({{"speed"}}))
      .by_column("speed")
      .map("pass", passing<Table>())
      .sink("out", drop_table());
  BOOST_TEST(sentence(g) == "");
}

BOOST_AUTO_TEST_CASE(columns_behind_a_lambda_are_not_guessed_at) {
  Graph g{"g"};
  auto added = g.source("read", tables({{"x"}})).map("add", [](Table t) { return t; });
  added.by_column("new").map("pass", passing<Table>()).sink("out", drop_table());
  auto checked = g.check();
  BOOST_REQUIRE(checked);
  BOOST_TEST(!checked->described[1].output.fields_known);
  BOOST_TEST(checked->described[1].output.fields.empty());
}

BOOST_AUTO_TEST_CASE(a_filter_keeps_what_is_known_of_columns) {
  Graph g{"g"};
  g.source("read", tables({{"x"}}))
      .filter("some", [](const Table& t) { return t.rows() > 3; })
      .sink("out", drop_table());
  auto checked = g.check();
  BOOST_REQUIRE(checked);
  BOOST_TEST(checked->described[1].output.fields_known);
  BOOST_TEST(checked->described[1].output.fields.size() == 1u);
}

BOOST_AUTO_TEST_CASE(streams_with_other_columns_do_not_merge) {
  Graph g{"g"};
  Stream<Table> a = g.source("a", tables({{"x"}}));
  Stream<Table> b = g.source("b", tables({{"x", ColumnType::F32}}));
  a.merge(b).map("both", passing<Table>()).sink("out", drop_table());
  refused(g, "stage both merges streams with other columns (x against x): make them alike");
}

BOOST_AUTO_TEST_CASE(merged_streams_add_up) {
  Graph g{"g"};
  Description known;
  known.fields = {{"x"}};
  known.rows = 10;
  known.bytes = 100;
  auto source = [&](std::uint64_t max_chunk) {
    known.max_chunk = max_chunk;
    auto kind = stage_kind<Table>("known", "");
    kind.source = [d = known] { return std::make_unique<Silent>(d); };
    return kind;
  };
  g.source("a", source(500))
      .merge(g.source("b", source(700)))
      .map("both", passing<Table>())
      .sink("out", drop_table());
  auto checked = g.check();
  BOOST_REQUIRE(checked);
  const Description& both = checked->described[2].output;
  BOOST_TEST(both.rows == 20u);
  BOOST_TEST(both.bytes == 200u);
  BOOST_TEST(both.max_chunk == 700u);
}

BOOST_AUTO_TEST_CASE(what_the_user_says_of_state_and_output_overrides_the_kind) {
  Graph g{"g"};
  g.source("read", numbers())
      .map("pass", passing<Number>())
      .state(77)
      .emits_at_most(4096)
      .sink("out", drop());
  auto checked = g.check();
  BOOST_REQUIRE(checked);
  BOOST_TEST(checked->described[1].needs.state == 77u);
  BOOST_TEST(checked->described[1].needs.max_output == 4096u);
  BOOST_TEST(checked->described[1].output.max_chunk == 4096u);
}

BOOST_AUTO_TEST_SUITE_END()
