/// Evaluate: the errors of a finished model on rows it has not seen: RMSE, MAE and R2.
///
///   held.after(model).join("score", model, leat::evaluate()).sink("report", leat::score_report());
///
/// Contract. In: Tables on port 0, one schema::LinearModel on port 1, whole first. Out: one
/// schema::Score at the end; nothing when interrupted. Features and target are found by name. Rows with
/// a null in one of them are left out and counted as "rows skipped". RMSE and MAE are in the target's
/// unit, of a logistic model those of the probability, and it has log loss and accuracy besides; R2 is 1 - squared error / squared distance from the mean of these rows, and NaN where the
/// target is constant in them. Errors: a missing or non-numeric column, NaN or infinity in a cell (file,
/// line, row and column), no model, no rows. Combinable: a replica emits its schema::ScoreSums about the first
/// target it saw, a second kind adds them up (Chan, Golub and LeVeque, 1983). State: the model.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

/// Nothing to choose yet.
struct Evaluation {};

Kind<Message<schema::Score>, Table, Message<schema::LinearModel>> evaluate(Evaluation options = {});
DeclaredKind declared_evaluate();

}  // namespace leat
