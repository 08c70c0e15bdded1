/// Sample: a share of the rows, chosen by their numbers.
///
///   rows.filter("some", leat::sample(0.01));       // about one row in a hundred
///
/// Contract. In and out: Tables; rows keep their numbers and order. Which rows are chosen depends on their numbers in
/// the source and the seed alone, not on chunks, replicas or machines (rows/by_number.hpp), and not on what split
/// chooses; the rows that explode makes of one are chosen together. Error: a share outside 0 to 1. Threads: stateless,
/// any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <cstdint>

namespace leat {

Kind<Table, Table> sample(double share, std::uint64_t seed = 0);
DeclaredKind declared_sample();

}  // namespace leat
