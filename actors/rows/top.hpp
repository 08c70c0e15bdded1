/// Top: the rows with the greatest, or least, cells of a column, or of several.
///
///   rows.fold("latest", leat::top({.by = {"delay"}, .count = 20}));
///   rows.fold("first", leat::top({.by = {"year", "month"}, .count = 5, .least = true}));
///
/// Contract. In: Tables. Out, at the end, nothing when interrupted: Tables with the same columns, of the `count`
/// rows that come first, in that order, or of all where there are fewer; numbered anew, from 0. Columns
/// are of any types: numbers by size, NaN greater than all, -0 as 0; texts by their bytes; nulls last in either
/// direction. Of equal rows the one with the lower row number comes first; where rows of several files have one
/// number, the one whose cells, as bytes, are least. Nothing depends on chunks, replicas or nodes. Directly
/// above it a source that can leaves out chunks in which no row comes first (tables::read). Errors,
/// one sentence each: an unknown column, with the near one; no column, or one twice; rows that take more than `memory`.
/// State: at most `memory` in each replica and where they are combined; each row as its cells and about 150 bytes.
/// Threads: any number of replicas; one that combines.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>
#include <vector>

namespace leat {

struct Top {
  std::vector<std::string> by;
  std::uint64_t count = 10;
  bool least = false;  ///< the least first
  std::uint64_t memory = std::uint64_t{16} << 20;  ///< bytes
};

Kind<Table, Table> top(Top options);
DeclaredKind declared_top();

}  // namespace leat
