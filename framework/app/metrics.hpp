/// What a node tells Prometheus. Pure: numbers in, text out.
#pragma once

#include <leat/cluster/cluster.hpp>

#include <cstdint>
#include <string>

namespace leat {

/// The text exposition format, version 0.0.4: counters of the node, then of each stage that runs there, then of what
/// its cells do and of the edges whose channels it has an end of.
std::string metrics_text(const NodeCounters& counters, const JobSnapshots& snapshots, std::uint64_t resident);

/// The same for a coordinator.
std::string metrics_text(const ClusterStatus& status, std::uint64_t resident);

}  // namespace leat
