#include <leat/actors/regression/linear_regression.hpp>

#include "actors/tables.hpp"

#include <Eigen/QR>
#include <rapidcheck.h>

#include <cmath>
#include <random>

using namespace leat;
using namespace leat::tests;

namespace {

// Features around `mean` with deviation 1, a target with noise, in the type given.
std::vector<SampleColumn> random_rows(std::size_t rows, std::size_t features, double mean,
                                ColumnType type = ColumnType::F64) {
  std::mt19937 generator(3);
  std::normal_distribution<double> normal;
  std::vector<SampleColumn> columns(features + 1);
  for (std::size_t i = 0; i <= features; ++i) columns[i] = {"x" + std::to_string(i), {}, type};
  columns.back().name = "y";
  for (std::size_t row = 0; row < rows; ++row) {
    double y = 3;
    for (std::size_t i = 0; i < features; ++i) {
      double z = normal(generator);
      double x = mean + z;
      if (type == ColumnType::F32) x = static_cast<float>(x);
      columns[i].cells.push_back(x);
      y += (static_cast<double>(i % 5) - 1.5) * (x - mean);
    }
    y += 0.1 * normal(generator);
    columns[features].cells.push_back(type == ColumnType::F32 ? static_cast<float>(y) : y);
  }
  return columns;
}

// Coefficients by a QR of the centred values.
Eigen::VectorXd by_qr(const std::vector<SampleColumn>& columns) {
  auto rows = static_cast<Eigen::Index>(columns[0].cells.size());
  auto features = static_cast<Eigen::Index>(columns.size()) - 1;
  Eigen::MatrixXd x(rows, features + 1);
  for (Eigen::Index c = 0; c <= features; ++c) {
    for (Eigen::Index r = 0; r < rows; ++r) {
      x(r, c) = *columns[static_cast<std::size_t>(c)].cells[static_cast<std::size_t>(r)];
    }
    long double sum = 0;
    for (Eigen::Index r = 0; r < rows; ++r) sum += x(r, c);
    x.col(c).array() -= static_cast<double>(sum / rows);
  }
  return x.leftCols(features).householderQr().solve(x.col(features));
}

double error_norm(const Chunk& chunk, const Eigen::VectorXd& wanted) {
  auto model = chunk.root<schema::LinearModel>();
  Eigen::VectorXd got(wanted.size());
  for (Eigen::Index i = 0; i < wanted.size(); ++i) {
    got[i] = model.getCoefficients()[static_cast<capnp::uint>(i)];
  }
  return (got - wanted).norm() / wanted.norm();
}

std::string train_sentence(const std::vector<SampleColumn>& columns, LinearRegression options) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  return sentence(fold(linear_regression(std::move(options)), cut(*pool, columns, {}), 1, out));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(linear_regression)

BOOST_AUTO_TEST_CASE(a_line_without_noise_is_found_exactly) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  std::vector<SampleColumn> columns = {{"a", {1, 2, 3, 4}, ColumnType::I32}, {"y", {5, 7, 9, 11}},
                                 {"b", {0, 1, 0, 0}, ColumnType::BOOL}};
  auto chunk = fold(leat::linear_regression({.target = "y"}), cut(*pool, columns, {2}), 1, out);
  BOOST_REQUIRE_MESSAGE(chunk.ok(), sentence(chunk));
  auto model = chunk->root<schema::LinearModel>();
  BOOST_TEST(model.getTarget().cStr() == "y");
  BOOST_TEST(model.getFeatures()[0].cStr() == "a");
  BOOST_TEST(model.getFeatures()[1].cStr() == "b");
  BOOST_TEST(model.getCoefficients()[0] == 2.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(std::abs(model.getCoefficients()[1]) < 1e-14);
  BOOST_TEST(model.getIntercept() == 3.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(model.getRows() == 4u);
}

BOOST_AUTO_TEST_CASE(coefficients_agree_with_a_qr_of_the_same_values) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  for (auto type : {ColumnType::F64, ColumnType::F32}) {
    auto columns = random_rows(3000, 21, 5, type);
    auto chunk = fold(leat::linear_regression({.target = "y"}), cut(*pool, columns, {700, 1400}), 1, out);
    BOOST_REQUIRE_MESSAGE(chunk.ok(), sentence(chunk));
    double error = error_norm(*chunk, by_qr(columns));
    BOOST_TEST_MESSAGE("error norm " << error);
    BOOST_TEST(error < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(a_large_mean_costs_no_digits) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  for (auto type : {ColumnType::F64, ColumnType::F32}) {
    auto columns = random_rows(4000, 9, 1e6, type);
    auto chunk = fold(leat::linear_regression({.target = "y"}), cut(*pool, columns, {1000, 2000}), 2, out);
    BOOST_REQUIRE_MESSAGE(chunk.ok(), sentence(chunk));
    double error = error_norm(*chunk, by_qr(columns));
    BOOST_TEST_MESSAGE("error norm " << error);
    BOOST_TEST(error < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(chunks_and_replicas_do_not_change_the_model) {
  auto columns = random_rows(600, 6, 100);
  Eigen::VectorXd wanted = by_qr(columns);
  bool holds = rc::check("a model does not depend on the split", [&] {
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    auto at = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 600));
    std::sort(at.begin(), at.end());
    auto replicas = *rc::gen::inRange<std::size_t>(1, 6);
    auto chunk =
        fold(leat::linear_regression({.target = "y"}), cut(*pool, columns, at), replicas, out);
    RC_ASSERT(chunk.ok());
    RC_ASSERT(error_norm(*chunk, wanted) < 1e-11);
    RC_ASSERT(chunk->root<schema::LinearModel>().getRows() == 600u);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(rows_with_nulls_are_skipped_and_counted) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto columns = random_rows(400, 5, 2);
  auto whole = columns;
  for (std::size_t row : {3, 200, 399}) columns[row % 6].cells[row].reset();
  for (auto& column : whole) {
    for (std::size_t row : {399, 200, 3}) {
      column.cells.erase(column.cells.begin() + static_cast<std::ptrdiff_t>(row));
    }
  }
  auto chunk = fold(leat::linear_regression({.target = "y"}), cut(*pool, columns, {150}), 1, out);
  BOOST_REQUIRE_MESSAGE(chunk.ok(), sentence(chunk));
  BOOST_TEST(error_norm(*chunk, by_qr(whole)) < 1e-12);
  BOOST_TEST(chunk->root<schema::LinearModel>().getRows() == 397u);
  BOOST_TEST(out.counts["rows skipped"] == 3u);
}

BOOST_AUTO_TEST_CASE(a_ridge_shrinks_as_its_formula_says) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  std::vector<SampleColumn> columns = {{"a", {-1, 0, 1}}, {"y", {-2, 0, 2}}};
  auto chunk = fold(leat::linear_regression({.target = "y", .l2 = 2}), cut(*pool, columns, {}), 1, out);
  // Sum of xy is 4, sum of xx is 2.
  BOOST_TEST(chunk->root<schema::LinearModel>().getCoefficients()[0] == 1.0);
  BOOST_TEST(chunk->root<schema::LinearModel>().getL2() == 2.0);
}

BOOST_AUTO_TEST_CASE(features_of_a_condition_of_1e8_have_their_coefficients_in_any_order) {
  // a + b + c, where b is a and a ten-thousandth of c, and c is 1 and a ten-thousandth of others.
  const std::vector<SampleColumn> columns = {{"a", {1, 1, -1, -1}},
                                       {"b", {1.0001, 0.9999, -0.9999, -1.0001}},
                                       {"c", {1.0001, -1.0001, 0.9999, -0.9999}},
                                       {"y", {3.0002, 0.9998, -1.0000, -3.0000}}};
  std::vector<std::size_t> order = {0, 1, 2};
  do {
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    std::vector<SampleColumn> shuffled;
    for (std::size_t i : order) shuffled.push_back(columns[i]);
    shuffled.push_back(columns[3]);
    auto chunk = fold(leat::linear_regression({.target = "y"}), cut(*pool, shuffled, {2}), 2, out);
    BOOST_REQUIRE_MESSAGE(chunk.ok(), sentence(chunk));
    for (double coefficient : chunk->root<schema::LinearModel>().getCoefficients()) {
      BOOST_TEST(std::abs(coefficient - 1) < 1e-9);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(squares_too_small_for_f64_do_not_lose_the_coefficient) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  std::vector<SampleColumn> columns = {{"x", {}}, {"y", {}}};
  for (int i = 0; i < 100; ++i) {
    columns[0].cells.push_back(i * 1e-162);
    columns[1].cells.push_back(3 * i);
  }
  auto chunk = fold(leat::linear_regression({.target = "y"}), cut(*pool, columns, {40}), 2, out);
  BOOST_REQUIRE_MESSAGE(chunk.ok(), sentence(chunk));
  BOOST_TEST(chunk->root<schema::LinearModel>().getCoefficients()[0] == 3e162, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(dependent_and_constant_columns_are_named) {
  std::vector<std::optional<double>> a, b, sum, one, y, twice;
  for (int i = 0; i < 50; ++i) {
    a.push_back(std::sin(i));
    b.push_back(std::cos(i * i));
    sum.push_back(*a.back() - 3 * *b.back() + 7);
    twice.push_back(2 * *a.back());
    one.push_back(0.1);
    y.push_back(i);
  }
  auto three = train_sentence({{"a", a}, {"b", b}, {"c", sum}, {"y", y}}, {.target = "y"});
  BOOST_TEST(says(three, {"columns a, b and c are linearly dependent", "l2"}));
  auto pair = train_sentence({{"a", a}, {"b", b}, {"c", twice}, {"y", y}}, {.target = "y"});
  BOOST_TEST(says(pair, {"columns a and c are linearly dependent"}));
  auto constant = train_sentence({{"a", a}, {"k", one}, {"y", y}}, {.target = "y"});
  BOOST_TEST(says(constant, {"column k is constant", "l2"}));
  BOOST_TEST(train_sentence({{"a", a}, {"k", one}, {"c", twice}, {"y", y}},
                            {.target = "y", .l2 = 1e-6}) == "");
}

BOOST_AUTO_TEST_CASE(too_few_rows_and_none_are_said) {
  auto few = train_sentence({{"a", {1, 2}}, {"b", {3, 5}}, {"y", {1, 2}}}, {.target = "y"});
  BOOST_TEST(says(few, {"at least 3 rows", "2 features", "got 2"}));
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto none = fold(leat::linear_regression({.target = "y"}), {}, 2, out);
  BOOST_TEST(says(sentence(none), {"no rows"}));
  auto nulls = train_sentence({{"a", {{}, 2}}, {"y", {3, {}}}}, {.target = "y"});
  BOOST_TEST(says(nulls, {"no rows", "2 had nulls"}));
}

BOOST_AUTO_TEST_CASE(a_value_that_is_not_finite_is_named_by_row_and_column) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Table table = table_of(*pool, {{"a", {1, 2, 3}}, {"y", {1, 2, INFINITY}}}, 100);
  auto fed = feed(*leat::linear_regression({.target = "y"}).actor({}), {table.chunk()}, out);
  BOOST_TEST(says(sentence(fed), {"infinity", "row 103 (the first is 1)", "column y"}));
}

BOOST_AUTO_TEST_CASE(a_name_that_two_columns_have_is_refused_with_both_places) {
  auto twice = train_sentence({{"a", {1, 2, 4}}, {"b", {1, 0, 2}}, {"a", {3, 2, 9}}, {"y", {1, 2, 3}}},
                              {.target = "y", .features = {"a"}});
  BOOST_TEST(says(twice, {"column a", "the 1st and the 3rd of 4", "rename or drop"}));
  auto all = train_sentence({{"b", {1, 0, 2}}, {"a", {1, 2, 4}}, {"a", {3, 2, 9}}, {"y", {1, 2, 3}}}, {.target = "y"});
  BOOST_TEST(says(all, {"column a", "the 2nd and the 3rd of 4"}));
  auto target = train_sentence({{"y", {1, 0, 2}}, {"a", {1, 2, 4}}, {"y", {3, 2, 9}}}, {.target = "y"});
  BOOST_TEST(says(target, {"column y", "the 1st and the 3rd of 3"}));
}

BOOST_AUTO_TEST_CASE(wrong_columns_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"speed"}, {"mass"}, {"name", ColumnType::TEXT}};
  auto said = [&](LinearRegression options) {
    return sentence(leat::linear_regression(std::move(options)).describe({rows}));
  };
  BOOST_TEST(said({.target = "speed"}) == "");
  BOOST_TEST(says(said({.target = "sped"}), {"column sped", "did you mean speed"}));
  BOOST_TEST(says(said({.target = "name"}), {"name is text"}));
  BOOST_TEST(says(said({}), {"target"}));
  BOOST_TEST(says(said({.target = "speed", .features = {"speed"}}), {"both target and feature"}));
  BOOST_TEST(says(said({.target = "speed", .features = {"mass", "mass"}}), {"twice"}));
  BOOST_TEST(leat::linear_regression({.target = "speed", .l2 = -1}).wrong_options->sentence ==
             "l2: -1 must be at least 0");
  rows.fields = {{"speed"}, {"mass"}, {"mass_2"}};
  rows.notes["twice mass"] = "2 and 3";
  BOOST_TEST(says(said({.target = "speed", .features = {"mass"}}), {"column mass", "as columns 2 and 3"}));
  BOOST_TEST(said({.target = "speed"}) == "");
  rows.fields = {{"speed"}};
  rows.notes.clear();
  BOOST_TEST(says(said({.target = "speed"}), {"no features"}));
  rows.fields_known = false;
  BOOST_TEST(said({.target = "anything"}) == "");
}

BOOST_AUTO_TEST_CASE(an_interrupted_fold_emits_nothing) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto kind = leat::linear_regression({.target = "y"});
  auto chunks = cut(*pool, random_rows(20, 2, 0), {});
  BOOST_TEST(feed(*kind.actor({}), chunks, out, Ending::interrupted).ok());
  BOOST_TEST(feed(*kind.combine->actor({}), {}, out, Ending::interrupted).ok());
  BOOST_TEST(out.emitted.empty());
}

BOOST_AUTO_TEST_CASE(a_restored_fold_goes_on_where_its_snapshot_was_taken) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto columns = random_rows(200, 4, 10);
  auto chunks = cut(*pool, columns, {90});
  auto kind = leat::linear_regression({.target = "y"});
  auto first = kind.actor({});
  BOOST_TEST(first->start(out).ok());
  BOOST_TEST(feed_one(*first, chunks[0], out).ok());
  auto second = kind.actor({});
  BOOST_TEST(second->start(out).ok());
  BOOST_TEST(second->restore(*first->snapshot(*pool), out).ok());
  BOOST_TEST(feed_one(*second, chunks[1], out).ok());
  BOOST_TEST(finish(*second, out).ok());
  Chunk partial = out.emitted.at(0);
  out.emitted.clear();
  BOOST_TEST(feed(*kind.combine->actor({}), {partial}, out).ok());
  BOOST_TEST(error_norm(out.emitted.at(0), by_qr(columns)) < 1e-12);
}

BOOST_AUTO_TEST_CASE(what_it_declares_is_enough_for_what_it_holds_and_emits) {
  auto pool = Pool::make();
  auto chunks = cut(*pool, random_rows(300, 60, 0), {});
  Description rows = describing(Table(chunks[0]));
  rows.max_chunk = chunks[0].footprint();
  auto kind = leat::linear_regression({.target = "y"});
  auto described = kind.describe({rows});
  BOOST_REQUIRE(described.ok());
  RecordingOutbox out(*pool, described->needs.state);
  auto fed = feed(*kind.actor({0, 1, {rows}}), chunks, out);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  BOOST_TEST(out.emitted.at(0).footprint() <= described->needs.max_output);
  auto combined = kind.combine->describe({described->output});
  RecordingOutbox last(*pool, combined->needs.state);
  fed = feed(*kind.combine->actor({}), out.emitted, last);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  BOOST_TEST(last.emitted.at(0).footprint() <= combined->needs.max_output);
}

BOOST_AUTO_TEST_CASE(a_partial_with_too_short_lists_is_refused_and_not_read_past) {
  auto pool = Pool::make();
  Building<schema::CrossMoments> building(*pool, 256);
  auto columns = building.root().initColumns(2);
  columns.set(0, "x");
  columns.set(1, "y");
  building.root().setRows(3);
  building.root().initShift(2);
  building.root().initSum(2);
  building.root().initProducts(1);
  building.root().initProductsLow(3);
  building.root().initSumLow(2);
  building.root().initUnit(2);
  building.root().initRounding(2);
  RecordingOutbox out(*pool, std::size_t{1} << 20);
  auto kind = leat::linear_regression({.target = "y", .features = {"x"}});
  auto fed = feed(*kind.combine->actor({}), {std::move(building).finish()}, out);
  BOOST_REQUIRE(!fed.ok());
  BOOST_TEST(fed.error().sentence.find("other lengths") != std::string::npos, fed.error().sentence);
}

BOOST_AUTO_TEST_SUITE_END()
