/// Who waits for whom: the cells and channels of a job, and what each did between two snapshots. Pure.
#pragma once

#include <leat/diagnosis/snapshot.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// What one cell that still runs did.
struct CellWindow {
  CellSnapshot cell;             ///< as it was in the end
  ActivityTimes times{};         ///< between the two, in nanoseconds
  std::vector<double> stages;    ///< by cell.stages: share of the window, in visits of each or reading it
  double length = 0;             ///< of the whole window, in nanoseconds: one that began later did nothing before
  bool moved = false;
  std::vector<std::size_t> out;  ///< its channels, as indices: those that it sends on
  std::vector<std::size_t> in;

  /// Of the window, 0 to 1.
  double share(Activity activity) const;
  Activity most() const;
  /// Index into stages: the one it was longest in.
  std::size_t busiest() const;
};

/// What went on in one channel.
struct ChannelWindow {
  ChannelSnapshot channel;
  std::uint64_t waited_ns = 0;      ///< its sender's cell, for credit
  double queued = 0;                ///< of its window: received and not consumed, the fuller of bytes and chunks
  double under_way = 0;             ///< of its window: sent and not received
  bool moved = false;
  std::optional<std::size_t> from;  ///< as indices of cells; none: it has ended, or is not known
  std::optional<std::size_t> to;
};

/// The same of both snapshots in whatever order their cells and channels are.
class WaitGraph {
 public:
  WaitGraph(const JobSnapshot& before, const JobSnapshot& after);

  const std::vector<CellWindow>& cells() const { return cells_; }
  const std::vector<ChannelWindow>& channels() const { return channels_; }
  /// The cell and those beside it, which run the same stages: a range of indices.
  std::vector<std::size_t> replicas(std::size_t cell) const;
  /// Those that run the stage.
  std::vector<std::size_t> running(StageId stage) const;
  std::string stage(StageId id) const;
  /// Null: not known.
  const NodeSnapshot* node(std::size_t cell) const;
  bool heard(std::size_t cell) const { return !node(cell) || node(cell)->heard; }
  /// Counters are what they were, and no cell is in a visit or reads.
  bool stuck() const;

 private:
  void add_cells(const JobSnapshot& before, const JobSnapshot& after);
  void add_channels(const JobSnapshot& before, const JobSnapshot& after);
  std::optional<std::size_t> find(std::uint32_t cell, std::uint32_t replica) const;

  std::vector<std::string> stages_;
  std::vector<NodeSnapshot> nodes_;
  std::vector<CellWindow> cells_;        // by number, then replica
  std::vector<ChannelWindow> channels_;  // by id
  bool ended_moving_ = false;            // a cell that has ended did so between the two
};

}  // namespace leat
