#include <leat/actors/columns/derive.hpp>

#include "actors/tables.hpp"

#include <cmath>

using namespace leat;
using namespace leat::tests;

namespace {

auto ratio() {
  return derive("speed", [](double way, double time) { return way / time; }, "way", "time");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(derive)

BOOST_AUTO_TEST_CASE(the_new_column_is_the_function_of_the_others) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"time", {2, 0}, ColumnType::I32}, {"way", {3, 5}}}, 9);
  BOOST_TEST(feed(*ratio().actor({}), {table.chunk()}, out).ok());
  Table made(out.emitted.at(0));
  BOOST_TEST(made.columns() == 3u);
  BOOST_TEST(made.name(2) == "speed");
  BOOST_TEST(made.values<double>(2)[0] == 1.5);
  BOOST_TEST(std::isinf(made.values<double>(2)[1]));
  BOOST_TEST(made.values<std::int32_t>(0)[0] == 2);
  BOOST_TEST(made.row_number(1) == 10u);
}

BOOST_AUTO_TEST_CASE(a_null_in_gives_a_null_out) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"time", {2, {}, 1}}, {"way", {3, 5, {}}}});
  BOOST_TEST(feed(*ratio().actor({}), {table.chunk()}, out).ok());
  Table made(out.emitted.at(0));
  BOOST_TEST(made.valid(2, 0));
  BOOST_TEST(!made.valid(2, 1));
  BOOST_TEST(!made.valid(2, 2));
  BOOST_TEST(made.values<double>(2)[1] == 0.0);
  BOOST_TEST(!made.valid(0, 1));
}

BOOST_AUTO_TEST_CASE(texts_dictionaries_and_row_numbers_are_kept) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Fields fields = {{"x"}, {"plain", ColumnType::TEXT, true}, {"city", ColumnType::TEXT, false, true}};
  TableBuilder builder(*pool, fields, {.rows = 3, .heap = 64, .row_numbers = true});
  for (std::size_t row = 0; row < 3; ++row) {
    builder.cells<double>(0)[row] = static_cast<double>(row);
    builder.row_numbers()[row] = 10 * row;
    builder.put(1, row, "text " + std::to_string(row));
    builder.put(2, row, row == 1 ? "Oslo" : "Rome");
  }
  builder.set_null(1, 2);
  Table table = std::move(builder).finish(3, 0);
  auto kind = leat::derive("y", [](double x) { return x + 1; }, "x");
  auto described = kind.describe({[&] {
    auto rows = describing(table);
    rows.max_chunk = table.chunk().footprint();
    return rows;
  }()});
  BOOST_REQUIRE(described.ok());
  BOOST_TEST(feed(*kind.actor({}), {table.chunk()}, out).ok());
  Table made(out.emitted.at(0));
  BOOST_TEST(made.text(1, 1) == "text 1");
  BOOST_TEST(!made.valid(1, 2));
  BOOST_TEST(made.has_dictionary(2));
  BOOST_TEST(made.text(2, 0) == "Rome");
  BOOST_TEST(made.text(2, 1) == "Oslo");
  BOOST_TEST(made.codes(2)[0] == made.codes(2)[2]);
  BOOST_TEST(made.row_number(2) == 20u);
  BOOST_TEST(made.values<double>(3)[2] == 3.0);
  BOOST_TEST((made.fields() == described->output.fields));
  BOOST_TEST(made.chunk().footprint() <= described->needs.max_output);
}

BOOST_AUTO_TEST_CASE(a_run_of_doubles_stays_one_matrix) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"time", {2, 4}}, {"way", {3, 5}}});
  BOOST_TEST(feed(*ratio().actor({}), {table.chunk()}, out).ok());
  auto matrix = Table(out.emitted.at(0)).matrix<double>(0, 3);
  BOOST_TEST(matrix(1, 0) == 4.0);
  BOOST_TEST(matrix(1, 2) == 1.25);
}

BOOST_AUTO_TEST_CASE(wrong_columns_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"way"}, {"tiem"}, {"speed"}};
  BOOST_TEST(says(sentence(ratio().describe({rows})), {"column time", "did you mean tiem"}));
  rows.fields = {{"way"}, {"time"}, {"speed"}};
  BOOST_TEST(says(sentence(ratio().describe({rows})), {"column speed", "another"}));
  rows.fields = {{"way"}, {"time", ColumnType::TEXT}};
  BOOST_TEST(says(sentence(ratio().describe({rows})), {"time is text"}));
  rows.fields_known = false;
  BOOST_TEST(ratio().describe({rows}).ok());
}

BOOST_AUTO_TEST_CASE(columns_unknown_before_the_start_are_checked_in_the_chunk) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"way", {3}}, {"tine", {1}}});
  auto said = sentence(feed(*ratio().actor({}), {table.chunk()}, out));
  BOOST_TEST(says(said, {"column time", "did you mean tine"}));
}

BOOST_AUTO_TEST_SUITE_END()
