/// Group: rows with equal cells in the key columns, and what is made of each group: a group-by.
///
///   rows.fold("hourly", leat::group({.by = {"hour"}, .columns = {"flights = count()", "delay = mean(arr_delay)"}}));
///
/// Contract. In: Tables. Out, at the end, nothing when interrupted: Tables of one row a group, the key columns and
/// then those of the aggregates (aggregate.hpp), sorted by the keys: numbers, then NaN, then nulls; texts by
/// their bytes. Without keys it is one row, also of no rows at all. Row numbers are counted from 0.
/// Keys are of any types. Nulls are a key of their own, NaN is equal to itself, -0 is 0.
///
/// | function | of | makes |
/// | count() | rows | i64 |
/// | count(x), distinct(x) | cells that are not null, different ones among them; -0 is 0 | i64 |
/// | sum(x), mean(x) | numbers: exact, and rounded once | i64 of integers, f64 of floats; mean f64 |
/// | min(x), max(x) | any; NaN is the greatest, -0 less than 0 | x's type |
/// | first(x), last(x) | the cell with the least, or greatest, row number that is not null | x's type |
///
/// Nulls do not count; of no cells the result is null, and that of counts 0. Where rows of several files have one
/// number, first is the least of their cells, last the greatest. Nothing depends on chunks, replicas or nodes:
/// sums of floats are exact (exact_sum.hpp), so that the order does not show.
///
/// How: each replica groups what it gets, and emits its parts when its quarter of `memory` is full and at the
/// end; a second kind combines them. Errors, one sentence each: unknown columns and functions, with near names;
/// a column that is made twice; sums of what is no number; a sum of integers beyond i64; more groups, or
/// distinct cells, or letters, than `memory` has room for, where they are combined. State: at most `memory` where
/// they are combined, a quarter in each replica, and some arrays for the chunk in hand. It is counted as it is
/// allocated: 40 to 100 bytes a group for a key or two and an aggregate or two, and letters. Threads: any number
/// of replicas; one that combines.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>
#include <vector>

namespace leat {

struct Group {
  std::vector<std::string> by = {};  ///< none: all rows are one group
  std::vector<std::string> columns;  ///< "name = function(column)"
  std::uint64_t memory = std::uint64_t{64} << 20;  ///< bytes
};

Kind<Table, Table> group(Group options);
DeclaredKind declared_group();

}  // namespace leat
