/// A score as a Table, to be written, joined or looked at: one row.
///
///   score.map("rows", leat::score_table()).sink("write", leat::csv::write("score.csv"));
///
/// Contract. In: schema::Score. Out: for each a Table of target (text), rows (i64), rmse, mae, r2 and, of a logistic model,
/// log_loss and accuracy (f64).
/// Threads: stateless.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

Kind<Table, Message<schema::Score>> score_table();
DeclaredKind declared_score_table();

}  // namespace leat
