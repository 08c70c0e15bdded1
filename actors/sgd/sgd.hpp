/// SGD: a linear or logistic regression by gradient descent over mini-batches, in passes.
///
///   auto model = rows.map("cache", leat::tables::cache({.again = 20}))
///                    .fold("train", leat::sgd({.target = "delay", .rate = 0.01}));
///   model.sink("model", leat::model_file("delay.model"));
///
/// Contract. In: Tables in the order of their source, several times over: what a cache gives, directly or through
/// stages that keep rows' numbers, by which a new pass is known. The first pass is measured, all others are trained on.
/// Out: one schema::LinearModel at the end, `logistic` where the loss is; nothing when interrupted. Columns must be
/// numeric. Rows with a null in a used column are left out and counted once as "rows skipped". What a step does:
/// descent.hpp. The batches of a chunk come in an order that the seed says; chunks come in theirs, so rows that are
/// sorted by the target are shuffled before. Of one replica the model is the same to the bit, wherever the cache had
/// its chunks, on processors with one set of instructions.
///
/// Curves: "loss", by step, of the rows since the last point; "loss of a pass", by pass: the mean of a row, of the
/// squared error in the target's unit squared, or the log loss. Reports features, rows, passes, steps, loss and
/// coefficients. Errors, one sentence each: those of measured_columns.hpp; rows that come once; a loss that diverges,
/// with the step and what to do; a model that f64 cannot hold. State: 300 bytes a column, and one chunk as floats where
/// it is not f32. Threads: one replica.
#pragma once

#include <string>
#include <vector>

#include <leat/actors/sgd/descent.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

/// Those of DescentOptions mean what they mean there.
struct Sgd {
  std::string target;
  std::vector<std::string> features = {};  ///< none: all numeric columns but the target
  Loss loss = Loss::squared;
  double rate = 0.01;
  std::uint64_t batch = 64;
  double l2 = 0;
  bool standardise = true;
  std::uint64_t seed = 1;
};

Kind<Message<schema::LinearModel>, Table> sgd(Sgd options);
DeclaredKind declared_sgd();

}  // namespace leat
