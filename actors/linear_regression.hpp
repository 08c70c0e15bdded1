/// Linear regression: target = intercept + sum of coefficient * feature, by least squares in one pass.
///
///   auto model = rows.fold("train", leat::linear_regression({.target = "delay", .l2 = 1e-6}));
///   model.sink("model", leat::model_file("delay.model"));
///
/// Contract. In: Tables. Out: one schema::LinearModel at the end; nothing when interrupted. Columns
/// must be numeric; they are read in place in their own type and summed as doubles. Rows with a null in
/// a used column are left out and counted as "rows skipped". Errors, one sentence each: no such column,
/// not numeric, NaN or infinity (row and column), fewer rows than coefficients, a constant feature,
/// linearly dependent features (named). l2 is the ridge penalty (A. Hoerl and R. Kennard, 1970) on
/// centred features in their own units; the intercept is not penalised.
///
/// How: streaming normal equations, centred about the first chunk's means (see cross_moments.hpp,
/// cross_products.hpp and least_squares.hpp). Combinable: a replica emits its schema::CrossMoments, a
/// second kind adds them up and solves. Coefficients agree with a QR of the same values to about 1e-12
/// in norm for well-conditioned features. State: 4 bytes for each pair of columns and 1 KiB a column a
/// replica; 12 bytes for each pair where they are combined. Threads: one replica, one at a time.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

#include <string>
#include <vector>

namespace leat {

struct LinearRegression {
  std::string target;
  std::vector<std::string> features = {};  ///< none: all numeric columns but the target
  double l2 = 0;
};

Kind<Message<schema::LinearModel>, Table> linear_regression(LinearRegression options);
DeclaredKind declared_linear_regression();

}  // namespace leat
