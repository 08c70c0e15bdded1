#include <leat/actors/cross_products.hpp>

#include <hwy/highway.h>

#include <Eigen/Core>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <vector>

namespace cp = leat::cross_products;

namespace {

using Matrix = Eigen::MatrixXf;

Matrix random_matrix(std::size_t rows, std::size_t columns) {
  std::mt19937 generator(7);
  std::normal_distribution<float> normal(3, 2);
  return Matrix::NullaryExpr(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns),
                             [&] { return normal(generator); });
}

cp::Doubles products(const Matrix& x, double shift, bool fours) {
  auto rows = static_cast<std::size_t>(x.rows());
  auto columns = static_cast<std::size_t>(x.cols());
  cp::Block block(columns);
  auto sums = cp::zeroed(cp::triangle(columns));
  std::vector<double> shifts(columns, shift);
  for (std::size_t first = 0; first < rows; first += cp::kRows) {
    std::size_t part = std::min(cp::kRows, rows - first);
    for (std::size_t c = 0; c < columns;) {
      const float* from = x.data() + c * rows + first;
      if (fours && c + 4 <= columns) {
        const float* four[] = {from, from + rows, from + 2 * rows, from + 3 * rows};
        cp::pack4(four, &shifts[c], part, block.column(c));
        c += 4;
      } else {
        cp::pack(from, shift, part, block.column(c));
        c += 1;
      }
    }
    cp::add(block, part, sums.get());
  }
  return sums;
}

// The largest difference from Eigen's product, a row.
double error_against_eigen(std::size_t rows, std::size_t columns, bool fours) {
  Matrix x = random_matrix(rows, columns);
  auto sums = products(x, 2.5, fours);
  Eigen::MatrixXd wide = x.cast<double>().array() - 2.5;
  Eigen::MatrixXd expected = wide.transpose() * wide;
  double most = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = i; j < columns; ++j) {
      double wanted = expected(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
      most = std::max(most, std::abs(sums[cp::at(columns, i, j)] - wanted));
    }
  }
  return most / static_cast<double>(rows);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cross_products)

BOOST_AUTO_TEST_CASE(sums_of_products_agree_with_eigen_for_every_shape) {
  for (std::size_t columns : {1, 2, 3, 7, 8, 9, 16, 23, 24, 25, 51, 52, 70}) {
    for (std::size_t rows : {1, 3, 4, 127, 128, 129, 300}) {
      BOOST_TEST(error_against_eigen(rows, columns, false) < 1e-13);
      BOOST_TEST(error_against_eigen(rows, columns, true) < 1e-13);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_instruction_set_of_this_machine_gives_the_sums) {
  for (std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    BOOST_TEST_MESSAGE("with " << cp::instruction_set());
    BOOST_TEST(error_against_eigen(200, 51, true) < 1e-13);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

BOOST_AUTO_TEST_CASE(a_block_packed_with_fewer_rows_adds_only_those) {
  cp::Block block(1);
  auto sums = cp::zeroed(cp::triangle(1));
  std::vector<double> x(cp::kRows, 1.0);
  cp::pack(x.data(), 0.0, cp::kRows, block.column(0));
  cp::add(block, 5, sums.get());
  BOOST_TEST(sums[cp::at(1, 0, 0)] == 5.0);
}

BOOST_AUTO_TEST_SUITE_END()
