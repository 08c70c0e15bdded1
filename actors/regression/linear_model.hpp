/// A solved regression as schema::LinearModel, and as lines of the job's report.
///
///   Chunk model = leat::linear_model(out.pool(), sums, solved, l2);
///   leat::report_model(out, model.root<schema::LinearModel>());
///
/// Contract. Lines of a model that was trained in passes: "passes", "steps" and the loss of the last pass in place of what is
/// known of a solved one. Lines: "features used", "columns left out", "rows trained on", "training r2", "condition", "digits",
/// "intercept" and "coefficient of" each of the first 32 features, with six digits, and beside each its "standard
/// error", t, p and variance inflation; "warning" where fewer than six digits are right, with the reason. Threads:
/// no state.
#pragma once

#include <leat/actor/outbox.hpp>
#include <leat/actors/regression/cross_moments.hpp>
#include <leat/actors/regression/least_squares.hpp>

namespace leat {

Chunk linear_model(Pool& pool, const CrossMoments& sums, const LeastSquares& solved, double l2);
/// Footprint of a model's chunk, from that of the sums it is made of.
std::uint64_t linear_model_bytes(std::uint64_t sums_chunk);

void report_model(Outbox& out, schema::LinearModel::Reader model);

}  // namespace leat
