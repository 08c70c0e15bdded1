#include <leat/actors/regression/pivoted_cholesky.hpp>

#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace leat;

namespace {

using Rational = boost::multiprecision::cpp_rational;

// X'X of integers, `columns` wide; the last column is the sum of the first two when `dependent`.
std::vector<std::vector<double>> squares(std::size_t columns, bool dependent = false) {
  std::mt19937 generator(2);
  std::uniform_int_distribution<int> some(-50, 50);
  std::vector<std::vector<double>> sums(columns, std::vector<double>(columns));
  for (int row = 0; row < 100; ++row) {
    std::vector<double> x(columns);
    for (double& cell : x) cell = some(generator);
    if (dependent) x[columns - 2] = x[0] + x[1];
    for (std::size_t i = 0; i < columns; ++i) {
      for (std::size_t j = 0; j < columns; ++j) sums[i][j] += x[i] * x[j];
    }
  }
  return sums;
}

PivotedCholesky filled(const std::vector<std::vector<double>>& sums) {
  PivotedCholesky factor(sums.size(), sums.size() - 1);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    for (std::size_t j = i; j < sums.size(); ++j) factor.set(i, j, sums[i][j]);
  }
  return factor;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pivoted_cholesky)

BOOST_AUTO_TEST_CASE(the_factors_products_are_the_matrix_in_the_pivots_order) {
  for (std::size_t columns : {2u, 3u, 9u, 30u}) {
    auto sums = squares(columns);
    auto factor = filled(sums);
    BOOST_TEST(factor.run(std::vector<double>(columns, 1e-28)) == columns - 1);
    const auto& order = factor.order();
    BOOST_TEST(order.back() == columns - 1);
    double most = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      for (std::size_t j = i; j < columns; ++j) {
        DoubleDouble sum = i + 1 == columns ? factor.get(i, i) : DoubleDouble();
        for (std::size_t k = 0; k <= i && k + 1 < columns; ++k) sum += factor.get(k, i) * factor.get(k, j);
        Rational off = Rational(sum.high) + Rational(sum.low) - Rational(sums[order[i]][order[j]]);
        most = std::max(most, std::abs(static_cast<double>(off)) / sums[0][0]);
      }
    }
    BOOST_TEST(most < 1e-29);
  }
}

BOOST_AUTO_TEST_CASE(it_stops_where_nothing_is_left) {
  auto factor = filled(squares(6, true));
  BOOST_TEST(factor.run(std::vector<double>(6, 1e-28)) == 4u);
}

BOOST_AUTO_TEST_CASE(the_inverse_times_the_factor_is_one) {
  auto factor = filled(squares(12));
  factor.run(std::vector<double>(12, 1e-28));
  auto inverse = factor;
  inverse.invert();
  for (std::size_t i = 0; i < 11; ++i) {
    for (std::size_t j = i; j < 11; ++j) {
      DoubleDouble sum = i == j ? DoubleDouble(-1) : DoubleDouble();
      for (std::size_t k = i; k <= j; ++k) sum += factor.get(i, k) * inverse.get(k, j);
      BOOST_TEST(std::abs(sum.high) < 1e-28);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
