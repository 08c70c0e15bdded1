#include <leat/actors/rows/where.hpp>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

auto above() {
  return where([](double x, double least) { return x > least; }, "x", "least");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(where)

BOOST_AUTO_TEST_CASE(only_rows_for_which_the_function_is_true_stay) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"x", {1, 5, 7, 2}}, {"least", {3, 3, 3, 3}, ColumnType::F32}}, 100);
  BOOST_TEST(feed(*above().actor({}), {table.chunk()}, out).ok());
  Table kept(out.emitted.at(0));
  BOOST_TEST(kept.rows() == 2u);
  BOOST_TEST(kept.values<double>(0)[1] == 7.0);
  BOOST_TEST(kept.row_number(0) == 101u);
  BOOST_TEST(kept.row_number(1) == 102u);
  BOOST_TEST(out.counts.count("rows dropped") == 0u);
}

BOOST_AUTO_TEST_CASE(rows_with_nulls_are_dropped_and_counted) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"x", {{}, 5, 7}}, {"least", {-1, {}, 3}}});
  BOOST_TEST(feed(*above().actor({}), {table.chunk()}, out).ok());
  BOOST_TEST(Table(out.emitted.at(0)).rows() == 1u);
  BOOST_TEST(out.counts["rows dropped"] == 2u);
}

BOOST_AUTO_TEST_CASE(a_chunk_that_keeps_all_is_passed_on_as_it_is_and_an_empty_one_is_not) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table all = table_of(*pool, {{"x", {4, 5}}, {"least", {3, 3}}});
  Table none = table_of(*pool, {{"x", {1, 2}}, {"least", {3, 3}}});
  BOOST_TEST(feed(*above().actor({}), {all.chunk(), none.chunk()}, out).ok());
  BOOST_TEST(out.emitted.size() == 1u);
  BOOST_TEST(out.emitted.at(0).message().data() == all.chunk().message().data());
}

BOOST_AUTO_TEST_CASE(wrong_columns_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"x"}, {"leest"}};
  BOOST_TEST(says(sentence(above().describe({rows})), {"column least", "did you mean leest"}));
  rows.fields_known = false;
  BOOST_TEST(above().describe({rows}).ok());
}

BOOST_AUTO_TEST_CASE(what_it_declares_is_enough_for_what_it_emits) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  std::vector<std::optional<double>> cells(5000, 1), least(5000, 0);
  cells[0] = -1;
  Table table = table_of(*pool, {{"x", cells, ColumnType::BOOL}, {"least", least, ColumnType::BOOL}});
  cells[0] = 0;
  table = table_of(*pool, {{"x", cells, ColumnType::BOOL}, {"least", least, ColumnType::BOOL}});
  Description rows = describing(table);
  rows.max_chunk = table.chunk().footprint();
  auto described = above().describe({rows});
  BOOST_TEST(feed(*above().actor({}), {table.chunk()}, out).ok());
  BOOST_TEST(Table(out.emitted.at(0)).rows() == 4999u);
  BOOST_TEST(out.emitted.at(0).footprint() <= described->needs.max_output);
}

BOOST_AUTO_TEST_SUITE_END()
