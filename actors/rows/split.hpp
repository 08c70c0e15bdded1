/// Split: the rows to train on, and the rows held out. Each row is one or the other, whatever the
/// chunks.
///
///   rows.filter("fit", leat::split::train(0.8));       // about 80% of the rows
///   again.filter("hold", leat::split::holdout(0.8));   // exactly the others
///
/// Contract. In and out: Tables; rows keep their numbers and order; chunks without a row left are not
/// passed on, chunks with all rows left are passed on as they are. A row belongs to the training part
/// when a hash of its number in the source and the seed falls below the fraction: train and holdout of
/// the same fraction and seed are complementary and exhaustive, do not depend on where chunks end, and
/// are the same on every machine: see rows/by_number.hpp. Error: a fraction outside 0 to 1. Threads: stateless, any
/// number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <cstdint>

namespace leat::split {

Kind<Table, Table> train(double fraction, std::uint64_t seed = 0);
Kind<Table, Table> holdout(double fraction, std::uint64_t seed = 0);
DeclaredKind declared_train();
DeclaredKind declared_holdout();

/// True for a row of the training part.
bool in_train(std::uint64_t row_number, double fraction, std::uint64_t seed);

}  // namespace leat::split
