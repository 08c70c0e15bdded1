// What folds make, as Tables.
#include <leat/actors/models/model_table.hpp>
#include <leat/actors/models/score_table.hpp>
#include <leat/actors/moments/moments.hpp>
#include <leat/actors/moments/moments_table.hpp>
#include <leat/actors/regression/linear_regression.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/seeded_rows.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::vector<Row> table_of_message(const StageKind& kind, const Chunk& message, Pool& pool) {
  Description one;
  one.max_chunk = message.footprint();
  auto described = kind.describe({one});
  BOOST_REQUIRE(described.ok());
  RecordingOutbox out(pool);
  BOOST_TEST(sentence(feed(*kind.actor({}), {message}, out)) == "");
  BOOST_REQUIRE(out.emitted.size() == 1);
  BOOST_TEST(out.emitted[0].footprint() <= described->needs.max_output);
  BOOST_TEST(listed(Table(out.emitted[0]).fields()) == listed(described->output.fields));
  BOOST_TEST(sentence(kit::try_actor({kind, {one}, {{message}}})) == "");
  return rows_of(out.emitted);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(message_table)

BOOST_AUTO_TEST_CASE(moments_are_a_row_for_each_column) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto chunk = fold(moments(), cut(*pool, {{"x", {1, 2, 3, 4}}, {"none", {{}, {}, {}, {}}}}, {}), 1, out);
  auto rows = table_of_message(moments_table(), *chunk, *pool);
  BOOST_REQUIRE(rows.size() == 2);
  BOOST_TEST(shown(rows[0]) == shown(Row{"x", std::int64_t{4}, 2.5, std::sqrt(1.25), 1.0, 4.0}));
  BOOST_TEST(shown(rows[1]) == shown(Row{"none", std::int64_t{0}, {}, {}, {}, {}}));
}

BOOST_AUTO_TEST_CASE(a_score_is_one_row) {
  auto pool = Pool::make();
  Building<schema::Score> building(*pool);
  building.root().setTarget("delay");
  building.root().setRows(9);
  building.root().setRmse(2);
  building.root().setMae(1.5);
  building.root().setR2(std::numeric_limits<double>::quiet_NaN());
  auto rows = table_of_message(score_table(), std::move(building).finish(), *pool);
  BOOST_REQUIRE(rows.size() == 1);
  BOOST_TEST(shown(rows[0]) == shown(Row{"delay", std::int64_t{9}, 2.0, 1.5, {}, {}, {}}));
}

BOOST_AUTO_TEST_CASE(a_model_is_a_row_for_each_term) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto chunks = cut(*pool, {{"x", {1, 2, 3, 4}}, {"y", {3, 5, 7, 9}}}, {});
  auto rows = table_of_message(model_table(), *fold(linear_regression({.target = "y"}), chunks, 1, out), *pool);
  BOOST_REQUIRE(rows.size() == 2);
  BOOST_TEST(shown(rows[0][0]) == "'x'");
  BOOST_TEST(std::get<double>(*rows[0][1]) == 2.0);
  BOOST_TEST(rows[0][2].has_value());
  BOOST_TEST(shown(rows[1][0]) == "'(intercept)'");
  BOOST_TEST(std::get<double>(*rows[1][1]) == 1.0);
  BOOST_TEST(shown(rows[1][5]) == "null");
  auto penalised = linear_regression({.target = "y", .l2 = 1, .intercept = false});
  auto ridge = table_of_message(model_table(), *fold(penalised, chunks, 1, out), *pool);
  BOOST_REQUIRE(ridge.size() == 1);
  BOOST_TEST(shown(ridge[0][2]) == "null");
}

BOOST_AUTO_TEST_SUITE_END()
