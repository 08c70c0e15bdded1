/// What a group-by makes of a stream whose columns are known: its keys, its states, and the columns between its
/// replicas and what combines them.
///
///   auto plan = leat::group_plan({.by = {"hour"}, .columns = {"flights = count()"}}, fields);
///
/// What travels from the replicas are Tables of the key columns and, for each aggregate, one of bytes: the parts
/// of group/state.hpp. Its name is the aggregate with the type of its column, "delay = mean(arr_delay): f64", so
/// that who combines them knows both. Pure.
#pragma once

#include <leat/actors/group/aggregate.hpp>
#include <leat/actors/group/group.hpp>
#include <leat/actors/group/groups.hpp>

namespace leat {

struct GroupPlan {
  Fields keys;
  std::vector<Aggregate> aggregates;
  std::vector<ColumnType> types;        ///< by aggregate, of its column
  std::vector<std::size_t> key_places;  ///< in the input
  std::vector<std::size_t> places;      ///< by aggregate; Groups::kNoColumn: of rows
  Fields parts;
  Fields result;

  Groups groups(std::uint64_t limit) const;
};

/// Of a stream with these fields. Errors: unknown columns, with near names; names that are made twice; aggregates
/// that cannot be read, or be made of their column's type.
Result<GroupPlan> group_plan(const Group& options, const Fields& fields);

/// Of a stream of parts.
Result<GroupPlan> parts_plan(const Group& options, const Fields& parts);

/// What can be said without a stream's fields. Errors as above.
Result<std::vector<Aggregate>> aggregates_of(const Group& options);

}  // namespace leat
