/// What cells and channels of a snapshot are called, for people. Pure.
#pragma once

#include <leat/diagnosis/snapshot.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace leat {

/// "parse > train", for its channels' edge.
std::string edge_name(const JobSnapshot& snapshot, const ChannelSnapshot& channel);

/// What a cell does, and with whom: "visit train", "credit of train", "input from parse", "gate fit".
std::string doing(const JobSnapshot& snapshot, const CellSnapshot& cell);

/// A time as people say it: "0.2 ms", "3.4 s", "2 min".
std::string duration_text(std::uint64_t nanoseconds);

/// The part of a text that `columns` show, its last one a "~" where something is cut off, with blanks up to them.
/// Control characters are escaped; of UTF-8, characters count.
std::string cell_text(std::string_view text, std::size_t columns);

/// All of it: a line for each cell with what it does now and for how long, then one for each channel with how full it
/// is. Edges, stages: of the snapshot.
std::string snapshot_text(const JobSnapshot& snapshot);

}  // namespace leat
