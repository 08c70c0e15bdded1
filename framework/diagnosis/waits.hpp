/// Who waits for whom, as why() says it. Pure.
#pragma once

#include <leat/diagnosis/wait_path.hpp>

#include <vector>

namespace leat {

/// What the cells beside the one that is the cause wait for: those above it, the nearest first, then those below, then
/// the rest. Replicas are one.
std::vector<Wait> waits(const WaitGraph& graph, const WaitEnd& end);

/// What each cell does most.
std::vector<Wait> shares(const WaitGraph& graph);

}  // namespace leat
