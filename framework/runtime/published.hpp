/// What the cells and channels of a job that are here publish, for whoever wants a snapshot.
#pragma once

#include <leat/actor/channel_meter.hpp>
#include <leat/diagnosis/snapshot.hpp>
#include <leat/runtime/cell_activity.hpp>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace leat {

/// Threads: any. Neither cells nor links are kept by it, nor made to wait.
class Published {
 public:
  /// `fixed`: what does not change of it.
  void add(CellSnapshot fixed, std::shared_ptr<const CellActivity> activity);
  /// The ends that `fixed` has are here.
  void add(ChannelSnapshot fixed, std::shared_ptr<const ChannelMeter> meter);

  /// Appends all cells and channels as they are; cells as of `now`.
  void read(JobSnapshot& into, CellActivity::Clock::time_point now) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<CellSnapshot, std::shared_ptr<const CellActivity>>> cells_;
  std::vector<std::pair<ChannelSnapshot, std::shared_ptr<const ChannelMeter>>> channels_;
};

}  // namespace leat
