#include <leat/actors/moments/scale.hpp>

#include <leat/actors/moments/moments.hpp>

#include "actors/tables.hpp"

#include <cmath>

using namespace leat;
using namespace leat::tests;

namespace {

Chunk moments_of_rows(const Table& table, RecordingOutbox& out) {
  auto made = fold(moments(), {table.chunk()}, 1, out);
  out.emitted.clear();
  return *made;
}

std::string scale_sentence(const Table& table, std::vector<std::string> names, RecordingOutbox& out) {
  auto actor = scale(std::move(names)).actor({});
  Chunk moments = moments_of_rows(table, out);
  BOOST_TEST(feed_one(*actor, moments, out, 1).ok());
  return sentence(feed_one(*actor, table.chunk(), out, 0));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scale)

BOOST_AUTO_TEST_CASE(columns_come_out_with_mean_0_and_deviation_1) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"a", {1, 2, 3, 6}}, {"b", {10, 20, 30, 40}, ColumnType::F32}});
  BOOST_TEST(scale_sentence(table, {}, out) == "");
  Table scaled(out.emitted.at(0));
  BOOST_TEST(scaled.values<double>(0)[0] == -2 / std::sqrt(3.5), boost::test_tools::tolerance(1e-15));
  BOOST_TEST((scaled.type(1) == ColumnType::F32));
  BOOST_TEST(std::abs(scaled.values<float>(1).sum()) < 1e-6);
  auto again = Message<schema::Moments>(moments_of_rows(scaled, out));
  BOOST_TEST(again.read().getDeviation()[0] == 1.0, boost::test_tools::tolerance(1e-14));
  // The table that came in is shared, and stays as it was.
  BOOST_TEST(table.values<double>(0)[0] == 1.0);
}

BOOST_AUTO_TEST_CASE(a_chunk_born_in_this_step_is_changed_in_place) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Chunk chunk = table_of(*pool, {{"a", {1, 2, 3}}}).chunk();
  auto actor = leat::scale().actor({});
  BOOST_TEST(feed_one(*actor, moments_of_rows(Table(chunk), out), out, 1).ok());
  const std::byte* before = chunk.message().data();
  Visit visit{.chunk = chunk, .born_here = true};
  BOOST_TEST(actor->visit(visit, out).ok());
  BOOST_TEST(out.emitted.at(0).message().data() == before);
}

BOOST_AUTO_TEST_CASE(one_transform_serves_all_chunks_and_other_columns_stay) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  std::vector<SampleColumn> columns = {{"a", {1, 2, 3, 4}}, {"b", {1, 2, 3, 4}}};
  auto actor = leat::scale({"b"}).actor({});
  BOOST_TEST(feed_one(*actor, moments_of_rows(table_of(*pool, columns), out), out, 1).ok());
  for (const Chunk& chunk : cut(*pool, columns, {1})) BOOST_TEST(feed_one(*actor, chunk, out).ok());
  BOOST_TEST(Table(out.emitted.at(1)).values<double>(0)[2] == 4.0);
  double first = Table(out.emitted.at(0)).values<double>(1)[0];
  double last = Table(out.emitted.at(1)).values<double>(1)[2];
  BOOST_TEST(first == -last);
  BOOST_TEST(last == 1.5 / std::sqrt(1.25), boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(nulls_stay_null_and_zero) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"a", {1, {}, 3}}});
  BOOST_TEST(scale_sentence(table, {"a"}, out) == "");
  Table scaled(out.emitted.at(0));
  BOOST_TEST(!scaled.valid(0, 1));
  BOOST_TEST(scaled.values<double>(0)[1] == 0.0);
  BOOST_TEST(scaled.values<double>(0)[0] == -1.0);
}

BOOST_AUTO_TEST_CASE(a_column_that_cannot_be_scaled_is_named) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"a", {5, 5}}, {"b", {{}, {}}}, {"c", {1, 2}, ColumnType::I32}});
  BOOST_TEST(says(scale_sentence(table, {"a"}, out), {"column a", "constant"}));
  BOOST_TEST(says(scale_sentence(table, {"b"}, out), {"column b", "only nulls"}));
  BOOST_TEST(says(scale_sentence(table, {"c"}, out), {"column c", "i32", "f64"}));
  auto kind = leat::scale();
  Description moments;
  BOOST_TEST(says(sentence(kind.describe({describing(table), moments})), {"column c", "i32", "f64"}));
  auto wrong = leat::scale({"d"});
  BOOST_TEST(says(sentence(wrong.describe({describing(table), moments})), {"column d", "a, b and c"}));
}

BOOST_AUTO_TEST_CASE(rows_without_moments_and_columns_without_moments_are_errors) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"a", {1, 2}}});
  BOOST_TEST(says(sentence(feed_one(*leat::scale().actor({}), table.chunk(), out)), {"no moments"}));
  auto actor = leat::scale().actor({});
  Table other = table_of(*pool, {{"z", {1, 2}}});
  BOOST_TEST(feed_one(*actor, moments_of_rows(other, out), out, 1).ok());
  BOOST_TEST(says(sentence(feed_one(*actor, table.chunk(), out)), {"no moments of column a", "z"}));
  BOOST_TEST(leat::scale().inputs[1].whole_first);
}

BOOST_AUTO_TEST_SUITE_END()
