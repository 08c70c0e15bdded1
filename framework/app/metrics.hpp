/// What a process counts: for Prometheus, which asks, and for a collector of OpenTelemetry, which is told. Pure.
#pragma once

#include <leat/cluster/cluster.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace leat {

enum class MetricKind { counter, gauge };  ///< only goes up, or goes both ways

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

struct MetricSample {
  MetricLabels labels;
  double value = 0;
};

/// One metric: seconds where its name says so, whole numbers else.
struct MetricFamily {
  std::string name;
  MetricKind kind = MetricKind::counter;
  std::string sentence;
  std::vector<MetricSample> samples;
};
using MetricFamilies = std::vector<MetricFamily>;

/// By graph and job id.
using RunningJobs = std::vector<std::pair<std::string, Progress>>;

/// Counters of a node, then of each stage that runs there, then of what its cells do and of the edges whose channels it
/// has an end of.
MetricFamilies node_metrics(const NodeCounters& counters, const JobSnapshots& snapshots, std::uint64_t resident);
/// The same of a coordinator, and of a run.
MetricFamilies cluster_metrics(const ClusterStatus& status, std::uint64_t resident);
/// `more`: families besides.
MetricFamilies run_metrics(const RunningJobs& running, const JobSnapshots& snapshots, MetricFamilies more, std::uint64_t resident);

/// The text exposition format of Prometheus, version 0.0.4.
std::string metrics_text(const MetricFamilies& families);
std::string metrics_text(const NodeCounters& counters, const JobSnapshots& snapshots, std::uint64_t resident);
std::string metrics_text(const ClusterStatus& status, std::uint64_t resident);

}  // namespace leat
