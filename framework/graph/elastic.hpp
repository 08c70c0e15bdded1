/// Elasticity: replicas that come and go while a job runs. Pure: every node of a job computes the same.
///
///   for (const ElasticCell& cell : elastic_cells(checked, layout)) ...
///   auto growth = grow(checked, layout, placement, cell.cell, node);   // one more replica, on that node
///   auto shrinking = shrink(checked, layout, placement, growth->replica);
///
/// Replicas and channels are numbered on: what has ended keeps its numbers, and no number is used twice.
#pragma once

#include <leat/graph/placement.hpp>

#include <cstddef>
#include <vector>

namespace leat {

/// A cell whose replicas may come and go, and how many it keeps.
struct ElasticCell {
  CellId cell = 0;
  std::size_t least = 1;
  std::size_t most = 1;
  friend bool operator==(const ElasticCell&, const ElasticCell&) = default;
};

/// The cells that can be grown and shrunk, in order. Of such a cell
/// - every stage works on each chunk by itself (Sharing::stateless) and passes something on; a source
///   may come first;
/// - a stage says how many replicas there may be, and leaves room;
/// - chunks come from a source (or its feeder), or by one balanced link, so that any replica may have any chunk;
/// - nothing below takes its chunks replica by replica;
/// - it waits for no other stage, and none waits for it.
/// One that keeps order is elastic only where it was laid out with several replicas: the chunks of a
/// single one have no numbers.
std::vector<ElasticCell> elastic_cells(const Checked& checked, const Layout& layout);

/// True for a replica that has not been told to end.
bool is_live(const Placement& placement, const ReplicaId& replica);
/// Replicas of the cell that have not been told to end, in order.
std::vector<std::size_t> live_replicas(const Placement& placement, CellId cell);

/// One more replica.
struct Growth {
  Layout layout;        ///< the next
  Placement placement;  ///< the next
  ReplicaId replica;    ///< the last of its cell
  std::vector<ReplicaId> added;   ///< all that are new: it, and one of its feeder where that was not there
  std::size_t first_channel = 0;  ///< those from this one on in Placement::channels are new, and lead to or from it
};

/// Adds a replica of an elastic cell on `node`. Errors: invalid (not elastic, no such node, one without
/// cpus or a label the cell wants); overloaded (as many as there may be, or more memory than a node has).
/// `process_base`: as in memory_bound, of each node.
Result<Growth> grow(const Checked& checked, const Layout& layout, const Placement& placement, CellId cell,
                    NodeId node, std::uint64_t process_base = 0);

/// One replica fewer: it gets nothing more, ends once it has worked off what it has, and ends what it feeds.
struct Shrinking {
  Placement placement;  ///< the next; the replica's numbers stay taken
  ReplicaId replica;
  std::vector<ReplicaId> ended;         ///< all that are told to: it, and a feeder that would feed nobody
  std::vector<std::uint32_t> channels;  ///< those that bring it chunks, of live replicas
};

/// Tells a replica of an elastic cell to end. Errors: invalid (not elastic, no such replica, told before);
/// overloaded (as few as there must be).
Result<Shrinking> shrink(const Checked& checked, const Layout& layout, const Placement& placement,
                         const ReplicaId& replica);

/// A growth or a shrinking in a few numbers: what travels.
struct PoolChange {
  enum class What {
    grow,     ///< by replica `replica`, on `node`
    shrink,   ///< replica `replica` was told to end
    abandon,  ///< replica `replica`, the last to be grown, never ran
  };
  What what = What::grow;
  CellId cell = 0;
  std::size_t replica = 0;
  NodeId node = 0;
  friend bool operator==(const PoolChange&, const PoolChange&) = default;
};

/// Does to a layout and a placement what was done, in that order. Errors: those of grow() and shrink(), but
/// for memory; invalid for numbers that do not follow.
Result<void> redo(const Checked& checked, Layout& layout, Placement& placement, const std::vector<PoolChange>& changes);

/// What is left when what has been told to end has ended, numbered anew: for bounds and pictures.
struct Compact {
  Layout layout;
  Placement placement;
};
Compact compact(const Layout& layout, const Placement& placement);

}  // namespace leat
