/// Feeders: cells that pull a source for the replicas of its chain that are not beside it. Pure.
///
/// A source lives on one node. Replicas of its chain on that node pull it; where there are others, its
/// feeder, the source alone in a cell there, pulls it for them and balances chunks among them. Chunks keep the
/// numbers that the source gave them: those that are fed and those that are pulled are one sequence. A feeder
/// is a cell and has a link like any other; placement adds it, growth adds one that is missing, and one that
/// feeds nobody any more ends.
#pragma once

#include <leat/graph/placement.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leat {

/// True for a feeder's cell: the source that it begins with is of another (Layout::cell_of).
bool is_feeder(const Layout& layout, CellId cell);

/// "read", or "feeder of read": the first stage of a cell, as plans and bounds call it.
std::string first_name(const Checked& checked, const Layout& layout, CellId cell);
/// "fit", or "feeder of read": who sends on a link.
std::string sender_name(const Checked& checked, const Layout& layout, const LinkPlan& link);

/// True when the link joins these two replicas: forward, one of equal number; from a feeder, one on another
/// node.
bool joins(const Layout& layout, const Placement& placement, const LinkPlan& link, std::size_t from, std::size_t to);

/// Adds to both the feeders that replicas need where they are placed.
void add_feeders(const Checked& checked, Layout& layout, Placement& placement);

/// Adds to both a replica of the feeder of this cell, and the feeder where there has been none. Nothing when
/// one is there, or when all replicas that have not been told to end are beside the source, or there is none.
std::optional<ReplicaId> add_feeder(const Checked& checked, Layout& layout, Placement& placement, CellId cell);

/// Tells a replica to end, and with it a feeder that would feed nobody. Returns all that were told.
std::vector<ReplicaId> end_replica(const Layout& layout, Placement& placement, const ReplicaId& replica);

}  // namespace leat
