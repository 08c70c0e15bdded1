#include <leat/actors/models/evaluate.hpp>

#include <leat/actors/regression/linear_regression.hpp>

#include "actors/tables.hpp"

#include <rapidcheck.h>

#include <cmath>

using namespace leat;
using namespace leat::tests;

namespace {

// y = 2 a + 1
Chunk model_chunk(Pool& pool, double coefficient = 2) {
  Building<schema::LinearModel> building(pool, 512);
  auto root = building.root();
  root.setTarget("y");
  root.initFeatures(1).set(0, "a");
  root.initCoefficients(1).set(0, coefficient);
  root.setIntercept(1);
  return std::move(building).finish();
}

Result<Chunk> score(const std::vector<Chunk>& chunks, std::size_t replicas, RecordingOutbox& out) {
  auto kind = evaluate();
  std::vector<Chunk> partials;
  for (std::size_t replica = 0; replica < replicas; ++replica) {
    auto actor = kind.actor({});
    out.emitted.clear();
    if (auto ok = feed_one(*actor, model_chunk(out.pool()), out, 1); !ok) return ok.error();
    for (std::size_t i = replica; i < chunks.size(); i += replicas) {
      if (auto ok = feed_one(*actor, chunks[i], out); !ok) return ok.error();
    }
    if (auto ok = finish(*actor, out); !ok) return ok.error();
    partials.push_back(out.emitted.at(0));
  }
  out.emitted.clear();
  if (auto ok = feed(*kind.combine->actor({}), partials, out); !ok) return ok.error();
  return out.emitted.at(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(evaluate)

BOOST_AUTO_TEST_CASE(the_errors_of_a_model_are_those_of_its_predictions) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  // Predictions 3, 5, 7, 9; errors 0, 1, -1, 2.
  auto made = score(cut(*pool, {{"y", {3, 4, 8, 7}}, {"a", {1, 2, 3, 4}, ColumnType::F32}}, {}), 1, out);
  BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
  auto score = made->root<schema::Score>();
  BOOST_TEST(score.getTarget().cStr() == "y");
  BOOST_TEST(score.getRows() == 4u);
  BOOST_TEST(score.getRmse() == std::sqrt(6 / 4.0));
  BOOST_TEST(score.getMae() == 1.0);
  BOOST_TEST(score.getR2() == 1 - 6 / 17.0, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(chunks_and_replicas_do_not_change_the_score) {
  bool holds = rc::check("a score does not depend on the split", [] {
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    auto raw = *rc::gen::container<std::vector<int>>(20, rc::gen::inRange(-1000, 1000));
    std::vector<std::optional<double>> a, y;
    for (int value : raw) a.push_back(value), y.push_back(1e6 + 2.1 * value + value % 7);
    auto at = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 20));
    std::sort(at.begin(), at.end());
    std::vector<SampleColumn> columns = {{"a", a}, {"y", y}};
    auto replicas = *rc::gen::inRange<std::size_t>(1, 4);
    auto whole_chunk = *score(cut(*pool, columns, {}), 1, out);
    auto whole = whole_chunk.root<schema::Score>();
    auto split_chunk = *score(cut(*pool, columns, at), replicas, out);
    auto split = split_chunk.root<schema::Score>();
    RC_ASSERT(split.getRows() == 20u);
    RC_ASSERT(std::abs(split.getRmse() / whole.getRmse() - 1) < 1e-12);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(rows_with_nulls_are_skipped_and_counted) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto made = score(cut(*pool, {{"a", {1, {}, 3}}, {"y", {3, 5, {}}}}, {}), 1, out);
  BOOST_TEST(made->root<schema::Score>().getRows() == 1u);
  BOOST_TEST(made->root<schema::Score>().getRmse() == 0.0);
  BOOST_TEST(std::isnan(made->root<schema::Score>().getR2()));
  BOOST_TEST(out.counts["rows skipped"] == 2u);
}

BOOST_AUTO_TEST_CASE(no_rows_no_model_and_two_models_are_said) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  BOOST_TEST(says(sentence(score({}, 2, out)), {"no rows", "of y"}));
  Table table = table_of(*pool, {{"a", {1}}, {"y", {1}}});
  auto actor = leat::evaluate().actor({});
  BOOST_TEST(says(sentence(feed_one(*actor, table.chunk(), out)), {"no model"}));
  BOOST_TEST(feed_one(*actor, model_chunk(*pool), out, 1).ok());
  BOOST_TEST(says(sentence(feed_one(*actor, model_chunk(*pool), out, 1)), {"two models"}));
  BOOST_TEST(leat::evaluate().inputs[1].whole_first);
}

BOOST_AUTO_TEST_CASE(missing_columns_and_bad_cells_are_named) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  BOOST_TEST(says(sentence(score(cut(*pool, {{"aa", {1}}, {"y", {1}}}, {}), 1, out)),
                  {"column a", "aa and y"}));
  BOOST_TEST(says(sentence(score(cut(*pool, {{"a", {1}}, {"x", {1}}}, {}), 1, out)), {"column y"}));
  BOOST_TEST(says(sentence(score(cut(*pool, {{"a", {1, 2}}, {"y", {1, NAN}}}, {}), 1, out)),
                  {"NaN", "row 2", "column y"}));
}

BOOST_AUTO_TEST_CASE(a_model_that_is_not_whole_is_refused) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = leat::evaluate().actor({});
  BOOST_TEST(says(sentence(feed_one(*actor, model_chunk(*pool, NAN), out, 1)), {"not whole"}));
}

BOOST_AUTO_TEST_CASE(an_interrupted_evaluation_emits_nothing) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto kind = leat::evaluate();
  BOOST_TEST(finish(*kind.actor({}), out, Ending::interrupted).ok());
  BOOST_TEST(finish(*kind.combine->actor({}), out, Ending::interrupted).ok());
  BOOST_TEST(out.emitted.empty());
}

BOOST_AUTO_TEST_CASE(the_declared_state_covers_what_is_kept_for_the_rows_of_a_chunk) {
  auto pool = Pool::make();
  for (std::size_t rows : {10, 1000, 20'000}) {
    std::vector<std::optional<double>> cells(rows, 1.0);
    Table table = table_of(*pool, {{"y", cells}, {"a", cells, ColumnType::F32}});
    Description held = describing(table);
    held.max_chunk = Pool::footprint(rows * 12);
    auto described = leat::evaluate().describe({held, Description{}});
    BOOST_REQUIRE(described.ok());
    // A prediction and a target in f64, and the row's number.
    std::uint64_t kept = rows * (2 * sizeof(double) + sizeof(std::uint32_t));
    BOOST_TEST(described->needs.state >= kept + 8 * Description{}.max_chunk);
  }
}

BOOST_AUTO_TEST_SUITE_END()
