/// Least squares in rational numbers, for tests: the answer that arithmetic without rounding gives for cells
/// as they are. And the right digits of another answer, and those of a Householder QR in f64.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include "actors/tables.hpp"

#include <leat/schemas/model.capnp.h>

#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <vector>

namespace leat::tests {

using Rational = boost::multiprecision::cpp_rational;
using Rationals = std::vector<Rational>;

/// Solves a symmetric system given as rows with their right side last.
inline Rationals solved(std::vector<Rationals> rows) {
  std::size_t count = rows.size();
  for (std::size_t k = 0; k < count; ++k) {
    std::size_t pivot = k;
    while (rows[pivot][k] == 0) ++pivot;
    std::swap(rows[k], rows[pivot]);
    for (std::size_t i = 0; i < count; ++i) {
      if (i == k || rows[i][k] == 0) continue;
      Rational share = rows[i][k] / rows[k][k];
      for (std::size_t j = k; j <= count; ++j) rows[i][j] -= share * rows[k][j];
    }
  }
  Rationals all;
  for (std::size_t k = 0; k < count; ++k) all.push_back(rows[k][count] / rows[k][k]);
  return all;
}

/// Coefficients, and the intercept last where there is one; the last column is the target.
inline Rationals exact_regression(const std::vector<SampleColumn>& columns, double l2 = 0, bool intercept = true) {
  std::size_t features = columns.size() - 1;
  std::size_t rows = columns[0].cells.size();
  std::vector<Rationals> cells(columns.size());
  Rationals means(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    for (const auto& cell : columns[c].cells) cells[c].push_back(Rational(*cell));
    for (const Rational& cell : cells[c]) means[c] += cell;
    means[c] /= rows;
    for (Rational& cell : cells[c]) {
      if (intercept) cell -= means[c];
    }
  }
  std::vector<Rationals> normal(features, Rationals(columns.size()));
  for (std::size_t i = 0; i < features; ++i) {
    for (std::size_t j = i; j <= features; ++j) {
      for (std::size_t r = 0; r < rows; ++r) normal[i][j] += cells[i][r] * cells[j][r];
      if (j < features) normal[j][i] = normal[i][j];
    }
    normal[i][i] += Rational(l2);
  }
  Rationals all = solved(normal);
  if (!intercept) return all;
  Rational constant = means[features];
  for (std::size_t i = 0; i < features; ++i) constant -= all[i] * means[i];
  all.push_back(constant);
  return all;
}

/// Of one number, 0 to 17.
inline double right_digits(double got, const Rational& wanted) {
  Rational off = abs(Rational(got) - wanted);
  if (off == 0) return 17;
  if (wanted == 0) return std::clamp(-std::log10(static_cast<double>(off)), 0.0, 17.0);
  return std::clamp(-std::log10(static_cast<double>(Rational(off / abs(wanted)))), 0.0, 17.0);
}

/// The least of the coefficients, and of the intercept where `wanted` has one.
inline double right_digits(schema::LinearModel::Reader model, const Rationals& wanted) {
  double least = 17;
  std::size_t count = model.getCoefficients().size();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    double got = i < count ? model.getCoefficients()[static_cast<capnp::uint>(i)] : model.getIntercept();
    least = std::min(least, right_digits(got, wanted[i]));
  }
  return least;
}

/// The better of a QR of the columns beside a column of ones, each brought to length 1, and of a QR of the
/// centred columns; of the coefficients only.
inline double right_digits_of_qr(const std::vector<SampleColumn>& columns, const Rationals& wanted) {
  auto rows = static_cast<Eigen::Index>(columns[0].cells.size());
  auto features = static_cast<Eigen::Index>(columns.size()) - 1;
  Eigen::MatrixXd x(rows, features + 1);
  Eigen::VectorXd y(rows);
  x.col(features).setOnes();
  for (Eigen::Index c = 0; c <= features; ++c) {
    for (Eigen::Index r = 0; r < rows; ++r) {
      (c < features ? x(r, c) : y[r]) = *columns[static_cast<std::size_t>(c)].cells[static_cast<std::size_t>(r)];
    }
  }
  auto digits = [&](const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right) {
    Eigen::VectorXd lengths(matrix.cols());
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) lengths[c] = matrix.col(c).stableNorm();
    Eigen::MatrixXd equal = matrix * lengths.cwiseInverse().asDiagonal();
    Eigen::VectorXd got = equal.householderQr().solve(right).cwiseQuotient(lengths);
    double least = 17;
    for (Eigen::Index i = 0; i < features; ++i) {
      least = std::min(least, right_digits(got[i], wanted[static_cast<std::size_t>(i)]));
    }
    return least;
  };
  Eigen::MatrixXd centred = x.leftCols(features).rowwise() - x.leftCols(features).colwise().mean();
  return std::max(digits(x, y), digits(centred, y.array() - y.mean()));
}

}  // namespace leat::tests
