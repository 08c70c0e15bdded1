/// Linear regression: target = intercept + sum of coefficient * feature, by least squares in one pass.
///
///   auto model = rows.fold("train", leat::linear_regression({.target = "delay", .l2 = 1e-6}));
///   model.sink("model", leat::model_file("delay.model"));
///
/// Contract. In: Tables. Out: one schema::LinearModel at the end; nothing when interrupted. Columns must be
/// numeric; they are read in place in their own type. Rows with a null in a used column are left out and
/// counted as "rows skipped". Errors, one sentence each: no such column or two of the name, not numeric, NaN
/// or infinity (file, line, row and column), fewer rows than coefficients, a constant feature, linearly dependent
/// features (named), coefficients that f64 cannot hold. l2 is the ridge penalty (A. Hoerl and R. Kennard,
/// 1970) on centred features in their own units; the intercept is not penalised. Without an intercept
/// features are not centred, and r2 is about 0.
///
/// The coefficients are those of the cells as they are, whatever the order of columns, chunks and replicas:
/// 14 digits up to a condition of 1e7, as many as a Householder QR less one up to 1e13; see least_squares.hpp.
/// The job's report and the model have standard errors, t, p, r2, the condition, variance inflation, and how
/// many digits the cells' type allows, with a warning below six; see linear_model.hpp.
///
/// How: sums of products in double-double, streaming, see cross_moments.hpp and cross_products.hpp.
/// Combinable: a replica emits its schema::CrossMoments, a second kind adds them up and solves. State: 8 bytes
/// for each column times each and 1 KiB a column a replica; 16 bytes where they are combined. Threads: one
/// replica, one at a time.
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
  bool intercept = true;
};

Kind<Message<schema::LinearModel>, Table> linear_regression(LinearRegression options);
DeclaredKind declared_linear_regression();

}  // namespace leat
