/// A linear model as a Table, to be written, joined or looked at: one row a term.
///
///   model.map("rows", leat::model_table()).sink("write", leat::csv::write("coefficients.csv"));
///
/// Contract. In: schema::LinearModel. Out: for each a Table of term (text), coefficient, standard_error, t, p and
/// variance_inflation (f64): the features in their order, then "(intercept)", where it has one. What is not
/// defined is null: with a ridge there are no standard errors. Threads: stateless.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

Kind<Table, Message<schema::LinearModel>> model_table();
DeclaredKind declared_model_table();

}  // namespace leat
