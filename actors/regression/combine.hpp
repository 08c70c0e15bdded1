/// The combiner of linear_regression: adds up its replicas' sums, solves, and reports.
///
/// Contract. In: schema::CrossMoments, one a replica. Out: one schema::LinearModel at the end, and the lines
/// of linear_model.hpp in the job's report; nothing when interrupted. Errors: no rows, and those of
/// least_squares.hpp. State: 16 bytes for each pair of columns. Threads: one replica.
#pragma once

#include <leat/actors/regression/linear_regression.hpp>

namespace leat {

StageKind linear_regression_combine(const LinearRegression& options, GivenOptions given);

}  // namespace leat
