/// The two stages of a group-by: what each replica does, and what combines them.
///
/// Contract. As in group.hpp. The parts of a replica come by key groups when its memory is full, and at the end.
#pragma once

#include <leat/actors/group/plan.hpp>

namespace leat {

/// What a replica's groups may take: more would be slower, where it is not in cache.
constexpr std::uint64_t replica_memory(const Group& options) { return options.memory / 4; }

std::unique_ptr<Actor> group_fold(const Group& options, const Making& making);
StageKind group_combine(const Group& options, GivenOptions given);

/// The error for a row that has no room.
Error no_room(std::string_view kind, std::string_view what, std::size_t groups, std::uint64_t bytes);

/// Takes up snapshots: parts of the key groups that the replica has. `first_row`: that of the Tables.
Result<void> take_up(Groups& groups, const GroupPlan& parts, const Snapshot& from, KeyGroups mine, StateBudget& budget,
                     std::uint64_t& first_row);

}  // namespace leat
