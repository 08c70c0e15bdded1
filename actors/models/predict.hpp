/// Predict: a saved model applied to rows.
///
///   rows.map("predict", leat::predict("flights.model")).sink("write", leat::csv::write("out.csv"));
///
/// Contract. In: Tables. Out: the same with one more column, "prediction", F64, the last, of a logistic model the
/// probability that the target is 1; null where a feature is null. The file is read when the job starts (see saved_model.hpp): building and checking
/// the graph do no I/O. Features are found by name; other columns pass through. Errors: a missing,
/// damaged or foreign file (with its path), a missing or non-numeric feature (with the nearest name), a
/// feature's name that two columns have (with both places), a feature that is NaN or infinite, as in training
/// (row and column), a prediction that f64 cannot hold, a column "prediction" that is there already. State: the model. Threads: stateless, any number of
/// replicas; each reads the file.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>

namespace leat {

Kind<Table, Table> predict(std::string path);
DeclaredKind declared_predict();

}  // namespace leat
