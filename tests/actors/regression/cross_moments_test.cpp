#include <leat/actors/regression/cross_moments.hpp>

#include "actors/regression/exact_regression.hpp"

#include <leat/actors/regression/linear_regression.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace leat;
using namespace leat::tests;

namespace {

// Columns of very different means and spreads, of condition 1e5 or so; not in order.
std::vector<SampleColumn> mixed(std::size_t rows) {
  std::mt19937 generator(5);
  std::normal_distribution<double> normal;
  std::vector<SampleColumn> columns = {{"a", {}}, {"b", {}}, {"c", {}}, {"d", {}}, {"e", {}}, {"y", {}}};
  for (std::size_t r = 0; r < rows; ++r) {
    double a = normal(generator), b = a + 1e-5 * normal(generator), c = 1e9 + normal(generator);
    double d = 1e-120 * normal(generator), e = static_cast<double>(r / 100) + 0.1;
    double y = a + b + (c - 1e9) + 1e120 * d + e + normal(generator);
    std::size_t i = 0;
    for (double cell : {a, b, c, d, e, y}) columns[i++].cells.push_back(cell);
  }
  return columns;
}

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> positions(count);
  for (std::size_t i = 0; i < count; ++i) positions[i] = i;
  return positions;
}

std::vector<std::string> names_of(const std::vector<SampleColumn>& columns) {
  std::vector<std::string> names;
  for (const SampleColumn& column : columns) names.push_back(column.name);
  return names;
}

// Largest error of a centred sum, relative to the two columns' lengths.
double worst(const CrossMoments& sums, const std::vector<SampleColumn>& columns) {
  auto rows = columns[0].cells.size();
  std::vector<Rationals> cells(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    Rational mean = 0;
    for (const auto& cell : columns[c].cells) mean += Rational(*cell);
    mean /= rows;
    for (const auto& cell : columns[c].cells) cells[c].push_back(Rational(*cell) - mean);
  }
  auto product = [&](std::size_t i, std::size_t j) {
    Rational sum = 0;
    for (std::size_t r = 0; r < rows; ++r) sum += cells[i][r] * cells[j][r];
    return sum;
  };
  auto unit = [](int power) {
    Rational all = 1;
    for (int i = 0; i < std::abs(power); ++i) all *= 2;
    return power < 0 ? Rational(1 / all) : all;
  };
  std::vector<double> lengths;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    lengths.push_back(std::sqrt(static_cast<double>(Rational(product(i, i) / unit(2 * sums.unit(i))))));
  }
  double most = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = i; j < columns.size(); ++j) {
      DoubleDouble got = sums.product(i, j);
      Rational off = Rational(got.high) + Rational(got.low) - product(i, j) / unit(sums.unit(i) + sums.unit(j));
      most = std::max(most, std::abs(static_cast<double>(off)) / (lengths[i] * lengths[j]));
    }
  }
  return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cross_moments)

BOOST_AUTO_TEST_CASE(sums_are_right_to_nearly_thirty_digits_however_they_are_cut) {
  auto columns = mixed(1000);
  for (std::size_t step : {7u, 130u, 500u, 1000u}) {
    auto pool = Pool::make();
    std::vector<std::size_t> at;
    for (std::size_t i = step; i < 1000; i += step) at.push_back(i);
    CrossMoments sums(names_of(columns));
    for (const Chunk& chunk : cut(*pool, columns, at)) BOOST_TEST(sums.add(Table(chunk), all_of(6)).ok());
    BOOST_TEST_MESSAGE("chunks of " << step << ": " << worst(sums, columns));
    BOOST_TEST(worst(sums, columns) < 1e-27);
  }
}

BOOST_AUTO_TEST_CASE(parts_are_joined_about_any_shift_and_in_any_unit) {
  auto columns = mixed(900);
  auto pool = Pool::make();
  CrossMoments sums(names_of(columns));
  for (const Chunk& chunk : cut(*pool, columns, {1, 3, 300, 301, 800})) {
    CrossMoments part(names_of(columns));
    BOOST_TEST(part.add(Table(chunk), all_of(6)).ok());
    BOOST_TEST(sums.join(part.to_chunk(*pool).root<schema::CrossMoments>()).ok());
  }
  BOOST_TEST(sums.rows() == 900u);
  BOOST_TEST_MESSAGE("joined: " << worst(sums, columns));
  BOOST_TEST(worst(sums, columns) < 1e-27);
}

BOOST_AUTO_TEST_CASE(numbers_may_grow_by_hundreds_of_digits) {
  std::vector<SampleColumn> columns = {{"a", {1e-300, -1e-300, 2e-20, 3, 1e200, 5e307}}, {"y", {1, 2, 3, 4, 5, 6}}};
  auto pool = Pool::make();
  CrossMoments sums({"a", "y"});
  for (const Chunk& chunk : cut(*pool, columns, {1, 2, 3, 4, 5})) BOOST_TEST(sums.add(Table(chunk), all_of(2)).ok());
  BOOST_TEST(worst(sums, columns) < 1e-27);
}

BOOST_AUTO_TEST_CASE(the_model_is_one_whatever_the_order_of_columns_chunks_and_replicas) {
  auto columns = mixed(400);
  auto wanted = exact_regression(columns);
  double least = 17;
  bool holds = rc::check("13 digits of any split in any order", [&] {
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    std::vector<std::size_t> order = all_of(5);
    std::mt19937 generator(*rc::gen::inRange(0u, 1000u));
    std::shuffle(order.begin(), order.end(), generator);
    std::vector<SampleColumn> shuffled;
    Rationals expected;
    for (std::size_t i : order) {
      shuffled.push_back(columns[i]);
      expected.push_back(wanted[i]);
    }
    shuffled.push_back(columns[5]);
    expected.push_back(wanted[5]);
    auto at = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 400));
    std::sort(at.begin(), at.end());
    auto replicas = *rc::gen::inRange<std::size_t>(1, 9);
    auto made = fold(leat::linear_regression({.target = "y"}), cut(*pool, shuffled, at), replicas, out);
    RC_ASSERT(made.ok());
    double digits = right_digits(made->root<schema::LinearModel>(), expected);
    least = std::min(least, digits);
    RC_ASSERT(digits >= 13.0);
  });
  BOOST_TEST(holds);
  BOOST_TEST_MESSAGE("least digits " << least);
}

BOOST_AUTO_TEST_SUITE_END()
