/// A moment of a job, as its cells, channels and threads say it of themselves: what why, top, describe and pages are
/// made of. Plain data: a node's share, or, added up, the whole job.
///
/// Times are durations, never points in time: clocks of machines differ. Counts only grow while a cell lives.
#pragma once

#include <leat/actor/credit.hpp>
#include <leat/diagnosis/activity.hpp>
#include <leat/graph/graph.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// One cell: a replica of a chain of stages.
struct CellSnapshot {
  std::uint32_t cell = 0;     ///< index into the layout's cells
  std::uint32_t replica = 0;
  std::uint32_t node = 0;     ///< index into JobSnapshot::nodes
  std::vector<StageId> stages;  ///< from top to bottom, its source included
  std::vector<std::uint64_t> stage_ns;  ///< by `stages`: in visits of each, or reading it; up to now
  Activity now = Activity::input;
  std::optional<StageId> at;  ///< visit, read, later: the stage; gate: the one that has to end
  std::optional<std::uint32_t> channel;  ///< credit, input, order, build: the first that it waits for
  std::uint64_t for_ns = 0;   ///< since when it does that
  ActivityTimes times{};      ///< since it began, with for_ns: their sum is its age
  std::uint64_t moves = 0;    ///< grows with everything it does: two snapshots with equal ones, and it did nothing
  bool ended = false;
  bool detached = false;      ///< has a thread of its own
};

/// What the sender of a channel says: cumulative.
struct SenderSnapshot {
  Amount sent;
  Amount limit;
  std::uint64_t waited_ns = 0;  ///< its cell, for credit of this channel
};

/// What its receiver says: cumulative.
struct ReceiverSnapshot {
  Amount received;
  Amount consumed;
  std::uint64_t longest_ns = 0;  ///< the longest that a chunk waited in it
  std::vector<std::uint64_t> queued;  ///< chunks by how long they waited: below 1 us, 2 us, 4 us ...
};

/// One replica-to-replica channel. Each end is there when the node that has it is.
struct ChannelSnapshot {
  std::uint32_t id = 0;    ///< unique in the job
  std::uint32_t edge = 0;  ///< index into the graph's edges
  StageId from = 0, to = 0;  ///< the stages that the edge joins
  std::uint32_t from_cell = 0, from_replica = 0;
  std::uint32_t to_cell = 0, to_replica = 0;
  bool remote = false;     ///< its ends are on two nodes
  bool keyed = false;      ///< its edge splits by key: no other replica can take what goes down it
  Amount window;
  std::optional<SenderSnapshot> sender;
  std::optional<ReceiverSnapshot> receiver;
};

/// One process that runs a share of the job.
struct NodeSnapshot {
  std::string name;             ///< "" where the job runs in one process
  std::uint32_t threads = 0;    ///< that its cells share
  bool heard = true;            ///< false: it has not answered for longer than its heartbeats allow
};

/// The job, or a node's share of it.
struct JobSnapshot {
  double seconds = 0;                ///< since it began, when the first of it was read
  double took = 0;                   ///< seconds that the reading took: of a whole job, the longest
  std::vector<std::string> stages;   ///< names, by StageId
  std::vector<NodeSnapshot> nodes;
  std::vector<CellSnapshot> cells;
  std::vector<ChannelSnapshot> channels;
};

/// The whole job: cells side by side, the ends of a channel joined by its id; of nodes never heard what channels tell. Pure.
JobSnapshot joined(const std::vector<JobSnapshot>& shares);

}  // namespace leat
