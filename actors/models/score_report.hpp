/// Score report: says a model's errors at the end of the job.
///
///   held.join("score", model, leat::evaluate()).sink("report", leat::score_report());
///
///   target: delay
///   rmse: 38.521
///   mae: 22.104
///   r2: 0.015302
///   held-out rows: 40021
///
/// Contract. In: schema::Score. Reports "target", "rmse" and "mae" (in the target's unit), "r2" and
/// "held-out rows"; five significant digits, enough to compare models by and no more than held-out rows
/// can tell. An r2 that does not exist reads "undefined (delay is constant)". One replica. No errors.
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

Kind<void, Message<schema::Score>> score_report();
DeclaredKind declared_score_report();

}  // namespace leat
