#include <cmath>
#include <random>

#include <boost/test/unit_test.hpp>

#include <leat/actors/sgd/float_columns.hpp>

using namespace leat;

BOOST_AUTO_TEST_SUITE(float_columns)

BOOST_AUTO_TEST_CASE(sums_and_products_are_those_of_plain_loops_for_any_number_of_rows_and_columns) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (std::size_t count : {1u, 3u, 4u, 5u, 9u}) {
    for (std::size_t rows : {1u, 2u, 15u, 16u, 17u, 64u, 200u, 256u}) {
      std::size_t first = rows % 3;
      std::vector<std::vector<float>> cells(count, std::vector<float>(rows + first));
      FloatColumns columns;
      std::vector<float> weights, factors(rows), sums(rows);
      for (auto& column : cells) {
        for (float& cell : column) cell = 100 + normal(random);
        columns.cells.push_back(column.data());
        columns.shifts.push_back(100);
        weights.push_back(normal(random));
      }
      for (float& factor : factors) factor = normal(random);
      weighted_sums(columns, weights.data(), 0.5f, first, rows, first, sums.data());
      std::vector<double> products(count, 1);
      add_products(columns, factors.data(), first, rows, products.data());
      for (std::size_t r = 0; r < rows; ++r) {
        double sum = 0.5;
        for (std::size_t c = 0; c < count; ++c) sum += (cells[c][first + r] - 100.0) * weights[c];
        BOOST_TEST(std::abs(sums[r] - sum) < 1e-5);
      }
      for (std::size_t c = 0; c < count; ++c) {
        double product = 1;
        for (std::size_t r = 0; r < rows; ++r) product += (cells[c][first + r] - 100.0) * factors[r];
        BOOST_TEST(std::abs(products[c] - product) < 1e-4);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_shift_is_taken_off_before_digits_are_lost) {
  for (std::size_t rows : {1u, 7u, 16u, 33u}) {
    std::vector<double> doubles(rows);
    std::vector<Eigen::half> halfs(rows);
    std::vector<std::int64_t> longs(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      doubles[i] = 1e9 + 0.001 * static_cast<double>(i);
      halfs[i] = Eigen::half(2 + 0.25f * static_cast<float>(i % 8));
      longs[i] = 1'000'000'000'000 + static_cast<std::int64_t>(i);
    }
    std::vector<float> to(rows);
    centred(doubles.data(), rows, 1e9, to.data());
    BOOST_TEST(std::abs(to[rows - 1] - 0.001 * static_cast<double>(rows - 1)) < 1e-6);
    centred(halfs.data(), rows, 2, to.data());
    for (std::size_t i = 0; i < rows; ++i) BOOST_TEST(to[i] == 0.25f * static_cast<float>(i % 8));
    centred(longs.data(), rows, 1e12, to.data());
    BOOST_TEST(to[rows - 1] == static_cast<float>(rows - 1));
  }
}

BOOST_AUTO_TEST_SUITE_END()
