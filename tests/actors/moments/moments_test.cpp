#include <leat/actors/moments/moments.hpp>

#include "actors/tables.hpp"

#include <rapidcheck.h>

#include <cmath>

using namespace leat;
using namespace leat::tests;

namespace {

Message<schema::Moments> moments_message(const Chunk& chunk) { return Message<schema::Moments>(chunk); }

}  // namespace

BOOST_AUTO_TEST_SUITE(moments)

BOOST_AUTO_TEST_CASE(the_moments_of_a_column_are_those_of_its_values) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto chunks = cut(*pool, {{"x", {1, 2, 3, 4}}, {"n", {5, 5, 5, 9}, ColumnType::I32}}, {3});
  auto made = moments_message(*fold(leat::moments(), chunks, 1, out));
  BOOST_TEST(made.read().getColumns().size() == 2u);
  BOOST_TEST(made.read().getColumns()[0].cStr() == "x");
  BOOST_TEST(made.read().getCount()[0] == 4u);
  BOOST_TEST(made.read().getMean()[0] == 2.5);
  BOOST_TEST(made.read().getDeviation()[0] == std::sqrt(1.25), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(made.read().getMinimum()[1] == 5.0);
  BOOST_TEST(made.read().getMaximum()[1] == 9.0);
}

BOOST_AUTO_TEST_CASE(nulls_are_left_out_column_by_column) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto chunks = cut(*pool, {{"x", {1, {}, 3}}, {"y", {{}, {}, {}}}}, {});
  auto made = moments_message(*fold(leat::moments(), chunks, 1, out));
  BOOST_TEST(made.read().getCount()[0] == 2u);
  BOOST_TEST(made.read().getMean()[0] == 2.0);
  BOOST_TEST(made.read().getCount()[1] == 0u);
  BOOST_TEST(made.read().getDeviation()[1] == 0.0);
}

BOOST_AUTO_TEST_CASE(a_constant_column_has_its_value_as_mean_and_no_deviation) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto chunks = cut(*pool, {{"x", std::vector<std::optional<double>>(1000, 0.1)}}, {300, 301});
  auto made = moments_message(*fold(leat::moments(), chunks, 2, out));
  BOOST_TEST(made.read().getMean()[0] == 0.1);
  BOOST_TEST(made.read().getDeviation()[0] == 0.0);
}

BOOST_AUTO_TEST_CASE(chunks_and_replicas_do_not_change_the_moments) {
  bool holds = rc::check("moments do not depend on the split", [] {
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    auto raw = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<int>>(rc::gen::inRange(-1000000, 1000000)));
    std::vector<std::optional<double>> cells;
    for (int value : raw) cells.push_back(1e7 + value / 7.0);
    auto at = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, cells.size() + 1));
    std::sort(at.begin(), at.end());
    auto replicas = *rc::gen::inRange<std::size_t>(1, 5);
    auto whole = moments_message(*fold(leat::moments(), cut(*pool, {{"x", cells}}, {}), 1, out));
    auto split = moments_message(*fold(leat::moments(), cut(*pool, {{"x", cells}}, at), replicas, out));
    RC_ASSERT(whole.read().getCount()[0] == split.read().getCount()[0]);
    RC_ASSERT(std::abs(whole.read().getMean()[0] - split.read().getMean()[0]) < 1e-7);
    double deviation = whole.read().getDeviation()[0];
    RC_ASSERT(std::abs(deviation - split.read().getDeviation()[0]) <= 1e-9 * (1 + deviation));
    RC_ASSERT(whole.read().getMinimum()[0] == split.read().getMinimum()[0]);
    RC_ASSERT(whole.read().getMaximum()[0] == split.read().getMaximum()[0]);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(a_value_that_is_not_finite_is_named_by_row_and_column) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"a", {1, 2, 3}}, {"b", {1, NAN, 3}}}, 40);
  auto said = sentence(feed(*leat::moments().actor({}), {table.chunk()}, out));
  BOOST_TEST(says(said, {"NaN", "row 42", "column b"}));
  Table huge = table_of(*pool, {{"a", {1e300, -1e300}}});
  BOOST_TEST(says(sentence(feed(*leat::moments().actor({}), {huge.chunk()}, out)), {"too large"}));
}

BOOST_AUTO_TEST_CASE(unknown_and_textual_columns_are_found_before_the_start) {
  auto pool = Pool::make();
  Description rows;
  rows.fields = {{"speed"}, {"name", ColumnType::TEXT}};
  auto kind = leat::moments({"sped"});
  BOOST_TEST(says(sentence(kind.describe({rows})), {"column sped", "did you mean speed", "speed and name"}));
  BOOST_TEST(says(sentence(leat::moments({"name"}).describe({rows})), {"name is text", "f64"}));
  rows.fields = {{"name", ColumnType::TEXT}};
  BOOST_TEST(says(sentence(leat::moments().describe({rows})), {"needs a numeric column"}));
  rows.fields_known = false;
  BOOST_TEST(leat::moments({"any"}).describe({rows}).ok());
}

BOOST_AUTO_TEST_CASE(an_interrupted_fold_emits_nothing) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"a", {1, 2}}});
  BOOST_TEST(feed(*leat::moments().actor({}), {table.chunk()}, out, Ending::interrupted).ok());
  BOOST_TEST(out.emitted.empty());
}

BOOST_AUTO_TEST_CASE(a_restored_fold_goes_on_where_its_snapshot_was_taken) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto chunks = cut(*pool, {{"x", {1, 2, 3, 4, 5, 6}}}, {3});
  auto first = leat::moments().actor({});
  BOOST_TEST(feed_one(*first, chunks[0], out).ok());
  auto second = leat::moments().actor({});
  BOOST_TEST(second->restore(*first->snapshot(*pool), out).ok());
  BOOST_TEST(feed(*second, {chunks[1]}, out).ok());
  auto made = moments_message(out.emitted.at(0));
  BOOST_TEST(made.read().getMean()[0] == 3.5);
  BOOST_TEST(made.read().getCount()[0] == 6u);
}

BOOST_AUTO_TEST_CASE(what_it_declares_is_enough_for_what_it_holds_and_emits) {
  auto pool = Pool::make();
  Table table = table_of(*pool, {{"x", {1, 2, 3}}, {"a long name for a column indeed", {1, 2, 3}}});
  Description rows = describing(table);
  rows.max_chunk = table.chunk().footprint();
  auto described = leat::moments().describe({rows});
  BOOST_REQUIRE(described.ok());
  RecordingOutbox out(*pool, described->needs.state);
  BOOST_TEST(feed(*leat::moments().actor({0, 1, {rows}}), {table.chunk()}, out).ok());
  BOOST_TEST(out.emitted.at(0).footprint() <= described->needs.max_output);
}

BOOST_AUTO_TEST_CASE(a_partial_with_too_short_lists_is_refused_and_not_read_past) {
  auto pool = Pool::make();
  Building<schema::Moments> building(*pool, 256);
  building.root().initColumns(2).set(0, "x");
  building.root().initCount(1);
  RecordingOutbox out(*pool);
  auto fed = feed(*leat::moments().combine->actor({}), {std::move(building).finish()}, out);
  BOOST_REQUIRE(!fed.ok());
  BOOST_TEST(fed.error().sentence.find("other lengths") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
