/// Distinct: of the rows that are equal in some columns, or in all, the first one.
///
///   rows.fold("carriers", leat::distinct({.columns = {"carrier"}}));   // distinct({}): by all columns
///
/// Contract. In: Tables. Out, at the end, nothing when interrupted: Tables with the same columns; of each row that
/// is different in the columns named the one with the least row number, with its number, in the order of
/// their numbers. Columns are of any types; nulls are equal to each other, so is NaN, and -0 is 0 and becomes 0 (a
/// writer that has what a file says of the cell writes that). Where rows of several files have one number, it is the one whose other cells, as bytes, are least.
/// Nothing depends on chunks, replicas or nodes. Errors, one sentence each: an unknown column, with the near one;
/// one that is named twice; more rows than `memory` has room for, where they are combined. State: at most
/// `memory` where they are combined, a quarter of it in each replica, which sends down what it has when it is
/// full, and some arrays for the chunk in hand. Threads: any number of replicas; one that combines.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>
#include <vector>

namespace leat {

struct Distinct {
  std::vector<std::string> columns = {};  ///< none: all
  std::uint64_t memory = std::uint64_t{64} << 20;  ///< bytes
};

Kind<Table, Table> distinct(Distinct options);
DeclaredKind declared_distinct();

}  // namespace leat
