#include <leat/actors/regression/cross_products.hpp>

#include <hwy/highway.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace cp = leat::cross_products;

namespace {

using Rational = boost::multiprecision::cpp_rational;
template <class T>
using Columns = std::vector<std::vector<T>>;

template <class T>
Columns<T> random_columns(std::size_t rows, std::size_t columns) {
  std::mt19937 generator(7);
  std::normal_distribution<T> normal(3, 2);
  Columns<T> x(columns, std::vector<T>(rows));
  for (auto& column : x) {
    for (T& cell : column) cell = normal(generator);
  }
  return x;
}

template <class T>
cp::Sums products(const Columns<T>& x, cp::Change change, bool fours) {
  std::size_t rows = x[0].size(), columns = x.size();
  cp::Block block(columns);
  cp::Sums sums(columns);
  const cp::Change changes[] = {change, change, change, change};
  for (std::size_t first = 0; first < rows; first += cp::kRows) {
    std::size_t part = std::min(cp::kRows, rows - first);
    for (std::size_t c = 0; c < columns;) {
      if (fours && c + 4 <= columns) {
        const T* four[] = {&x[c][first], &x[c + 1][first], &x[c + 2][first], &x[c + 3][first]};
        cp::pack4(four, changes, part, block.column(c));
        c += 4;
      } else {
        cp::pack(&x[c][first], change, part, block.column(c));
        c += 1;
      }
    }
    cp::add(block, part, sums);
  }
  return sums;
}

// The largest error of some sums, relative to the lengths of their columns.
template <class T>
double error(std::size_t rows, std::size_t columns, bool fours) {
  auto x = random_columns<T>(rows, columns);
  auto sums = products(x, {2.5, 0.25}, fours);
  auto cell = [&](std::size_t c, std::size_t r) { return Rational((static_cast<double>(x[c][r]) - 2.5) * 0.25); };
  double most = 0;
  for (std::size_t i = 0; i < columns; i += 1 + i / 3) {
    for (std::size_t j = i; j < columns; j += 1 + j / 3) {
      Rational wanted = 0;
      for (std::size_t r = 0; r < rows; ++r) wanted += cell(i, r) * cell(j, r);
      auto got = sums.get(i, j);
      double length = std::sqrt(sums.get(i, i).high * sums.get(j, j).high);
      Rational off = Rational(got.high) + Rational(got.low) - wanted;
      most = std::max(most, std::abs(static_cast<double>(off)) / length);
    }
  }
  return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cross_products)

BOOST_AUTO_TEST_CASE(sums_of_products_have_twice_the_digits_of_a_double_for_every_shape) {
  for (std::size_t columns : {1, 2, 3, 7, 8, 9, 16, 23, 25, 52}) {
    for (std::size_t rows : {1, 4, 127, 129}) {
      BOOST_TEST(error<double>(rows, columns, false) < 1e-28);
      BOOST_TEST(error<double>(rows, columns, true) < 1e-28);
      BOOST_TEST(error<float>(rows, columns, true) < 1e-28);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_instruction_set_of_this_machine_gives_the_sums) {
  for (std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    double most = std::max(error<double>(300, 51, true), error<float>(300, 51, true));
    BOOST_TEST_MESSAGE("with " << cp::instruction_set() << ": " << most);
    BOOST_TEST(most < 1e-28);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

BOOST_AUTO_TEST_CASE(columns_of_zeros_and_of_any_size_go_together) {
  Columns<double> x = {{0, 0, 0}, {1e-60, -3e-60, 2e-60}, {1e60, 1e60, 5e60}};
  auto sums = products(x, {}, false);
  BOOST_TEST(sums.get(0, 2).high == 0.0);
  BOOST_TEST(sums.get(1, 2).high == 8.0, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(sums.get(1, 1).high == 14e-120, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_makes_its_square_nan) {
  for (double value : {NAN, INFINITY, -INFINITY}) {
    auto sums = products(Columns<double>{{1, value, 2}, {1, 2, 3}}, {}, false);
    BOOST_TEST(!std::isfinite(sums.get(0, 0).high));
    BOOST_TEST(sums.get(1, 1).high == 14.0);
  }
}

BOOST_AUTO_TEST_CASE(a_block_packed_with_fewer_rows_adds_only_those) {
  cp::Block block(1);
  cp::Sums sums(1);
  std::vector<double> x(cp::kRows, 1.0);
  cp::pack(x.data(), {}, cp::kRows, block.column(0));
  cp::add(block, 5, sums);
  BOOST_TEST(sums.get(0, 0).high == 5.0);
}

BOOST_AUTO_TEST_CASE(a_range_is_found_for_every_length) {
  for (std::size_t rows : {1, 2, 3, 7, 8, 17, 100}) {
    for (std::size_t at = 0; at < rows; ++at) {
      std::vector<double> x(rows, 2);
      std::vector<float> narrow(rows, 2);
      x[at] = narrow[at] = at % 2 ? -5 : 7;
      BOOST_TEST(cp::range_of(x.data(), rows).least == (at % 2 ? -5 : rows == 1 ? 7 : 2));
      BOOST_TEST(cp::range_of(narrow.data(), rows).greatest == (at % 2 ? (rows == 1 ? -5 : 2) : 7));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
