#include <random>

#include <leat/actors/models/evaluate.hpp>
#include <leat/actors/models/model_file.hpp>
#include <leat/actors/models/predict.hpp>
#include <leat/actors/sgd/sgd.hpp>
#include <leat/actors/tables/cache.hpp>
#include <leat/chunk/gather.hpp>
#include <leat/graph/actor_kit.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>

#include "actors/tables.hpp"
#include "support/folder.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

// y = 3 + 2 a - 0.5 b and some noise; t is 1 where that is likely.
std::vector<SampleColumn> some_rows(std::size_t rows, double noise = 0.1) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::vector<SampleColumn> columns = {{"a", {}}, {"b", {}}, {"y", {}}, {"t", {}}};
  for (std::size_t i = 0; i < rows; ++i) {
    double a = 1000 + 5 * normal(random), b = normal(random) * 0.01;
    double y = 3 + 2 * a - 50 * b + noise * normal(random);
    columns[0].cells.push_back(a);
    columns[1].cells.push_back(b);
    columns[2].cells.push_back(y);
    double z = (a - 1000) / 5 + 100 * b + 0.5;
    columns[3].cells.push_back(std::generate_canonical<double, 53>(random) < 1 / (1 + std::exp(-z)));
  }
  return columns;
}

std::vector<Chunk> without(Pool& pool, const std::vector<Chunk>& chunks, const std::string& name) {
  std::vector<Chunk> made;
  for (const Chunk& chunk : chunks) {
    std::vector<SampleColumn> columns;
    Table table(chunk);
    for (std::size_t c = 0; c < table.columns(); ++c) {
      if (table.name(c) == name) continue;
      SampleColumn column{std::string(table.name(c)), {}, table.type(c)};
      for (std::size_t row = 0; row < table.rows(); ++row) {
        column.cells.push_back(table.valid(c, row) ? std::optional(table.number(c, row)) : std::nullopt);
      }
      columns.push_back(column);
    }
    made.push_back(table_of(pool, columns, table.first_row()).chunk());
  }
  return made;
}

std::vector<Chunk> passes(const std::vector<Chunk>& chunks, std::size_t count) {
  std::vector<Chunk> all;
  for (std::size_t i = 0; i < count; ++i) all.insert(all.end(), chunks.begin(), chunks.end());
  return all;
}

Description noted(const std::vector<Chunk>& chunks, std::size_t passes) {
  Description rows = describing(Table(chunks.at(0)));
  rows.notes["passes"] = std::to_string(passes);
  rows.max_chunk = 0;
  for (const Chunk& chunk : chunks) rows.max_chunk = std::max<std::uint64_t>(rows.max_chunk, chunk.footprint());
  return rows;
}

// With the budget that it declares.
Result<RecordingOutbox> trained(Pool& pool, const Sgd& options, const std::vector<Chunk>& chunks,
                                std::size_t again = 10) {
  auto kind = sgd(options);
  Making making;
  making.inputs = {noted(chunks, again + 1)};
  auto described = kind.describe(making.inputs);
  if (!described) return described.error();
  RecordingOutbox out(pool, described->needs.state);
  if (auto fed = feed(*kind.actor(making), passes(chunks, again + 1), out); !fed) return fed.error();
  if (out.emitted.at(0).footprint() > described->needs.max_output) return failed("more than declared");
  return out;
}

schema::LinearModel::Reader model_of(const RecordingOutbox& out) {
  return out.emitted.at(0).root<schema::LinearModel>();
}

std::string wrong(Pool& pool, const Sgd& options, const std::vector<Chunk>& chunks, std::size_t again = 10) {
  return sentence(trained(pool, options, chunks, again));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sgd)

BOOST_AUTO_TEST_CASE(a_line_is_found_whatever_the_columns_means_and_units) {
  auto pool = Pool::make();
  auto chunks = without(*pool, cut(*pool, some_rows(20000), {3000, 3007, 9000}), "t");
  auto out = trained(*pool, {.target = "y"}, chunks);
  BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
  auto model = model_of(*out);
  BOOST_TEST(model.getCoefficients()[0] == 2, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(model.getCoefficients()[1] == -50, boost::test_tools::tolerance(2e-2));
  BOOST_TEST(model.getLoss() < 0.0105);
  BOOST_TEST(model.getRows() == 20000u);
  BOOST_TEST(model.getPasses() == 10u);
  BOOST_TEST(model.getSteps() == 10u * ((20000 + 63) / 64));
  auto& curve = out->samples["loss of a pass"];
  BOOST_REQUIRE(curve.size() == 11u);
  BOOST_TEST(curve[0].second == 100, boost::test_tools::tolerance(0.1));
  BOOST_TEST(curve[10].second == model.getLoss());
  BOOST_TEST(out->samples["loss"].size() == 40u);
}

BOOST_AUTO_TEST_CASE(floats_of_any_size_and_whole_numbers_give_nearly_the_same_model) {
  auto pool = Pool::make();
  auto columns = some_rows(5000);
  columns.pop_back();
  for (auto& cell : columns[0].cells) cell = *cell - 1000;
  double expected = 0;
  for (ColumnType type : {ColumnType::F64, ColumnType::F32, ColumnType::F16}) {
    for (SampleColumn& column : columns) column.type = column.name == "y" ? ColumnType::F64 : type;
    auto out = trained(*pool, {.target = "y"}, cut(*pool, columns, {1000, 3210}));
    BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
    double found = model_of(*out).getCoefficients()[0];
    if (type == ColumnType::F64) expected = found;
    BOOST_TEST(found == expected, boost::test_tools::tolerance(1e-3));
  }
  for (auto& cell : columns[0].cells) cell = std::round(*cell);
  for (std::size_t i = 0; i < columns[2].cells.size(); ++i) columns[2].cells[i] = 2 * *columns[0].cells[i];
  columns[0].type = ColumnType::I32;
  auto out = trained(*pool, {.target = "y"}, cut(*pool, columns, {}));
  BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
  BOOST_TEST(model_of(*out).getCoefficients()[0] == 2, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(a_logistic_loss_finds_probabilities_that_predict_gives) {
  Folder folder;
  auto pool = Pool::make();
  auto chunks = without(*pool, cut(*pool, some_rows(20000), {8000}), "y");
  auto out = trained(*pool, {.target = "t", .loss = Loss::logistic, .rate = 0.05}, chunks);
  BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
  auto model = model_of(*out);
  BOOST_TEST(model.getLogistic());
  BOOST_TEST(model.getCoefficients()[0] == 0.2, boost::test_tools::tolerance(0.1));
  BOOST_TEST(model.getCoefficients()[1] == 100, boost::test_tools::tolerance(0.1));
  RecordingOutbox written(*pool);
  auto file = model_file(folder / "kept.model").actor({});
  OutputName name{"job", 0, 1, 0, true};
  BOOST_REQUIRE(feed(*file, out->emitted, written).ok());
  BOOST_REQUIRE(file->seal(name).ok());
  BOOST_REQUIRE(file->commit(name).ok());
  RecordingOutbox predicted(*pool);
  BOOST_REQUIRE(feed(*predict(folder / "kept.model").actor({}), {chunks[0]}, predicted).ok());
  Table table(predicted.emitted.at(0));
  double sum = 0;
  for (double p : table.values<double>(table.columns() - 1)) {
    BOOST_REQUIRE((p >= 0 && p <= 1));
    sum += p;
  }
  BOOST_TEST(sum / static_cast<double>(table.rows()) == 0.6, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(a_logistic_model_is_scored_by_log_loss_and_accuracy) {
  auto pool = Pool::make();
  auto chunks = without(*pool, cut(*pool, some_rows(20000), {8000}), "y");
  auto out = trained(*pool, {.target = "t", .loss = Loss::logistic, .rate = 0.05}, chunks);
  BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
  auto kind = evaluate();
  RecordingOutbox sums(*pool), score(*pool);
  auto scores = kind.actor({});
  BOOST_REQUIRE(feed_one(*scores, out->emitted[0], sums, 1).ok());
  for (const Chunk& chunk : chunks) BOOST_REQUIRE(feed_one(*scores, chunk, sums).ok());
  BOOST_REQUIRE(finish(*scores, sums).ok());
  BOOST_REQUIRE(feed(*kind.combine->actor({}), sums.emitted, score).ok());
  auto found = score.emitted.at(0).root<schema::Score>();
  BOOST_TEST(found.getLogLoss() == model_of(*out).getLoss(), boost::test_tools::tolerance(0.01));
  BOOST_TEST(found.getAccuracy() > 0.7);
  BOOST_TEST(found.getAccuracy() < 0.85);
}

BOOST_AUTO_TEST_CASE(the_same_rows_and_seed_give_the_same_model_and_another_seed_another) {
  auto pool = Pool::make();
  auto chunks = without(*pool, cut(*pool, some_rows(3000), {1000}), "t");
  auto first = trained(*pool, {.target = "y"}, chunks), same = trained(*pool, {.target = "y"}, chunks);
  auto other = trained(*pool, {.target = "y", .seed = 2}, chunks);
  BOOST_TEST(first->emitted[0].hash() == same->emitted[0].hash());
  BOOST_TEST(first->emitted[0].hash() != other->emitted[0].hash());
}

BOOST_AUTO_TEST_CASE(rows_with_a_null_are_left_out_and_counted_once) {
  auto pool = Pool::make();
  auto columns = some_rows(4000);
  columns.pop_back();
  for (std::size_t row = 0; row < 4000; row += 10) columns[row % 3].cells[row] = std::nullopt;
  auto out = trained(*pool, {.target = "y", .rate = 0.05}, cut(*pool, columns, {1500}));
  BOOST_REQUIRE_MESSAGE(out.ok(), sentence(out));
  BOOST_TEST(out->counts["rows skipped"] == 400u);
  BOOST_TEST(model_of(*out).getRows() == 3600u);
  BOOST_TEST(model_of(*out).getCoefficients()[0] == 2, boost::test_tools::tolerance(1e-2));
}

BOOST_AUTO_TEST_CASE(l2_shrinks_coefficients_and_without_standardising_units_count) {
  auto pool = Pool::make();
  auto columns = some_rows(5000);
  columns.erase(columns.begin() + 3);
  for (auto& cell : columns[0].cells) cell = (*cell - 1000) / 5;
  for (std::size_t i = 0; i < 5000; ++i) columns[2].cells[i] = 3 + 2 * *columns[0].cells[i];
  auto chunks = cut(*pool, columns, {});
  auto free = trained(*pool, {.target = "y", .features = {"a"}, .standardise = false}, chunks, 20);
  auto held = trained(*pool, {.target = "y", .features = {"a"}, .l2 = 1}, chunks, 20);
  BOOST_REQUIRE_MESSAGE(free.ok(), sentence(free));
  BOOST_TEST(model_of(*free).getCoefficients()[0] == 2, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(model_of(*free).getIntercept() == 3, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(model_of(*held).getCoefficients()[0] == 1, boost::test_tools::tolerance(2e-2));
}

BOOST_AUTO_TEST_CASE(what_diverges_is_said_with_its_step_and_what_to_do) {
  auto pool = Pool::make();
  auto chunks = without(*pool, cut(*pool, some_rows(2000), {1000}), "t");
  BOOST_TEST(
      says(wrong(*pool, {.target = "y", .rate = 10}, chunks),
           {"sgd diverges: at step ", "that of predicting the mean", "take a smaller rate, such as 1, than 10"}));
  BOOST_TEST(says(wrong(*pool, {.target = "y", .standardise = false}, chunks),
                  {"sgd diverges", "or standardise the columns"}));
}

BOOST_AUTO_TEST_CASE(rows_from_which_nothing_can_be_learnt_are_one_sentence_each) {
  auto pool = Pool::make();
  auto of = [&](std::vector<SampleColumn> columns) { return cut(*pool, columns, {}); };
  BOOST_TEST(wrong(*pool, {.target = "y"}, of({{"a", {1}}, {"y", {2}}})) ==
             "sgd got one row, from which nothing can be learnt: give it more");
  BOOST_TEST(wrong(*pool, {.target = "y"}, of({{"a", {1, {}}}, {"y", {2, 3}}})) ==
             "sgd got one row without nulls, from which nothing can be learnt: give it more");
  BOOST_TEST(wrong(*pool, {.target = "y"}, of({{"a", {1, 1, 1}}, {"y", {2, 3, 4}}})) ==
             "column a is 1 in every row, so nothing can be learnt from it: remove it from the features");
  BOOST_TEST(wrong(*pool, {.target = "y"}, of({{"a", {1, 2, 3}}, {"y", {2.5, 2.5, 2.5}}})) ==
             "column y is 2.5 in every row, so there is nothing to learn: name another target, or give other rows");
  BOOST_TEST(wrong(*pool, {.target = "y"}, of({{"a", {{}, {}}}, {"y", {2, 3}}})) ==
             "sgd got no rows to train on: column a has no value in any of its 2 rows; leave that column out, or fill "
             "its nulls");
  BOOST_TEST(
      says(wrong(*pool, {.target = "y"}, of({{"a", {{}, 1}}, {"y", {2, {}}}})), {"no rows to train on (2 had nulls)"}));
  BOOST_TEST(says(wrong(*pool, {.target = "y"}, of({{"y", {2, 3}}})), {"no features", "besides the target y"}));
  BOOST_TEST(
      says(wrong(*pool, {.target = "z"}, of({{"a", {1, 2}}, {"y", {2, 3}}})), {"column z", "which is not there"}));
  BOOST_TEST(says(wrong(*pool, {.target = "y", .features = {"y"}}, of({{"a", {1, 2}}, {"y", {2, 3}}})),
                  {"both target and feature of sgd"}));
  BOOST_TEST(says(wrong(*pool, {.target = "y"}, of({{"a", {1, std::nan("")}}, {"y", {2, 3}}})), {"row 2", "column a"}));
  BOOST_TEST(wrong(*pool, {.target = "y", .loss = Loss::logistic}, of({{"a", {1, 2, 3}}, {"y", {0, 1, 2}}})) ==
             "sgd with a logistic loss takes a target of 0 and 1, and column y has 2 in row 3 (the first is 1): "
             "compute one, or "
             "take the squared loss");
  BOOST_TEST(says(wrong(*pool, {.target = "y", .loss = Loss::logistic}, of({{"a", {1, 2}}, {"y", {1, 1}}})),
                  {"both classes are needed"}));
  RecordingOutbox out(*pool);
  BOOST_TEST(says(sentence(feed(*leat::sgd({.target = "y"}).actor({}), {}, out)), {"sgd got no rows to train on"}));
}

BOOST_AUTO_TEST_CASE(a_stream_that_comes_once_is_refused_before_it_starts) {
  auto pool = Pool::make();
  auto chunks = cut(*pool, {{"a", {1, 2}}, {"y", {2, 3}}}, {});
  BOOST_TEST(says(sentence(leat::sgd({.target = "y"}).describe({describing(Table(chunks[0]))})),
                  {"they come once: put cache before it"}));
  BOOST_TEST(says(wrong(*pool, {.target = "y"}, {chunks[0], chunks[0]}), {"numbers do not rise"}));
  Graph g{"wide"};
  g.source("rows", from_memory(std::vector<Table>{Table(chunks[0])}))
      .map("look", where("a > 0"), replicas(1, 4))
      .map("cache", tables::cache({.again = 2}))
      .fold("train", leat::sgd({.target = "y"}))
      .sink("model", model_file("/tmp/none"));
  BOOST_TEST(says(sentence(g.check()), {"takes rows in their order", "look", "ordered"}));
}

BOOST_AUTO_TEST_CASE(nothing_is_emitted_when_interrupted) {
  auto pool = Pool::make();
  auto chunks = without(*pool, cut(*pool, some_rows(100), {}), "t");
  Making making;
  making.inputs = {noted(chunks, 3)};
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(feed(*leat::sgd({.target = "y"}).actor(making), passes(chunks, 2), out, Ending::interrupted).ok());
  BOOST_TEST(out.emitted.empty());
}

BOOST_AUTO_TEST_CASE(it_passes_the_actor_kit) {
  auto pool = Pool::make();
  auto columns = some_rows(300);
  columns[1].cells[17] = std::nullopt;
  auto chunks = cut(*pool, columns, {90, 91, 200});
  std::vector<kit::Fed> fed;
  for (const Chunk& chunk : passes(chunks, 4)) fed.push_back({chunk});
  BOOST_TEST(sentence(kit::try_actor({leat::sgd({.target = "y"}), {noted(chunks, 4)}, fed})) == "");
  BOOST_TEST(sentence(kit::try_actor(
                 {leat::sgd({.target = "t", .loss = Loss::logistic, .batch = 7}), {noted(chunks, 4)}, fed})) == "");
}

BOOST_AUTO_TEST_SUITE_END()
