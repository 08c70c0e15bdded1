/// From one cell along the greatest shares of waiting to where it ends. Pure.
#pragma once

#include <leat/diagnosis/wait_graph.hpp>
#include <leat/diagnosis/why.hpp>

#include <cstddef>
#include <optional>

namespace leat {

/// Where one cell's waiting ends.
struct WaitEnd {
  Cause cause = Cause::unclear;
  StageId stage = 0;               ///< as Why has it
  std::optional<StageId> to = {};  ///< a link's other stage, or that of what an order waits for
  std::size_t cell = 0;            ///< an index: that is busy, or waits last
  Activity activity = Activity::visit;
  double share = 0;                ///< of that activity, there
  double least = 1;                ///< the least share on the way: what all of it is worth
  bool through_gate = false;       ///< a gate or a build side was on the way
};

/// `from`: index of a cell.
WaitEnd follow(const WaitGraph& graph, std::size_t from);

}  // namespace leat
