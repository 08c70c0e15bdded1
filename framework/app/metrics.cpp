#include <leat/app/metrics.hpp>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace leat {
namespace {

// Families as they are told one after the other.
class Families {
 public:
  void family(std::string name, MetricKind kind, std::string sentence) {
    all_.push_back({std::move(name), kind, std::move(sentence), {}});
  }

  void sample(double value, MetricLabels labels = {}) { all_.back().samples.push_back({std::move(labels), value}); }

  void lone(const std::string& name, MetricKind kind, const std::string& sentence, std::uint64_t value) {
    family(name, kind, sentence);
    sample(static_cast<double>(value));
  }

  MetricFamilies take() { return std::move(all_); }

 private:
  MetricFamilies all_;
};

void stages(Families& all, const RunningJobs& running) {
  if (running.empty()) return;
  for (const StageMetric& metric : kStageMetrics) {
    if (metric.exposed.empty()) continue;
    all.family(std::string(metric.exposed), MetricKind::counter, std::string(metric.sentence));
    for (const auto& [job, progress] : running) {
      for (const StageProgress& stage : progress.stages) {
        all.sample(metric.value(stage), {{"job", job}, {"stage", stage.name}});
      }
    }
  }
}

void own_counts(Families& all, const RunningJobs& running) {
  bool any = false;
  for (const auto& [job, progress] : running) {
    for (const StageProgress& stage : progress.stages) {
      for (const auto& [name, number] : stage.counts) {
        if (!std::exchange(any, true)) {
          all.family("leat_stage_own_count_total", MetricKind::counter, "What a stage counts itself, by the name it gives.");
        }
        all.sample(static_cast<double>(number), {{"job", job}, {"stage", stage.name}, {"count", name}});
      }
    }
  }
}

// One edge of a job, over its channels that have an end here.
struct EdgeTotal {
  std::string job, from, to;
  double window = 0, sent = 0, waited = 0, received = 0, consumed = 0;
};

std::vector<EdgeTotal> edges_of(const JobSnapshots& snapshots) {
  std::vector<EdgeTotal> edges;
  for (const auto& [job, snapshot] : snapshots) {
    std::map<std::uint32_t, EdgeTotal> by_edge;
    for (const ChannelSnapshot& channel : snapshot.channels) {
      EdgeTotal& edge = by_edge[channel.edge];
      edge.job = job;
      edge.from = snapshot.stages.at(channel.from);
      edge.to = snapshot.stages.at(channel.to);
      edge.window += static_cast<double>(channel.window.bytes);
      if (channel.sender) {
        edge.sent += static_cast<double>(channel.sender->sent.bytes);
        edge.waited += static_cast<double>(channel.sender->waited_ns) * 1e-9;
      }
      if (!channel.receiver) continue;
      edge.received += static_cast<double>(channel.receiver->received.bytes);
      edge.consumed += static_cast<double>(channel.receiver->consumed.bytes);
    }
    for (auto& [id, edge] : by_edge) edges.push_back(std::move(edge));
  }
  return edges;
}

void edges(Families& all, const JobSnapshots& snapshots) {
  struct Family {
    const char* name;
    MetricKind kind;
    const char* sentence;
    double EdgeTotal::*value;
  };
  constexpr Family kFamilies[] = {
      {"leat_edge_sent_bytes_total", MetricKind::counter, "Bytes that senders here have sent over an edge.", &EdgeTotal::sent},
      {"leat_edge_credit_wait_seconds_total", MetricKind::counter, "Seconds that cells here waited for credit of an edge.", &EdgeTotal::waited},
      {"leat_edge_received_bytes_total", MetricKind::counter, "Bytes that receivers here have received over an edge.", &EdgeTotal::received},
      {"leat_edge_consumed_bytes_total", MetricKind::counter, "Of those, bytes that stages are done with.", &EdgeTotal::consumed},
      {"leat_edge_window_bytes", MetricKind::gauge, "Bytes that may be under way over an edge.", &EdgeTotal::window},
  };
  auto totals = edges_of(snapshots);
  if (totals.empty()) return;
  for (const Family& family : kFamilies) {
    all.family(family.name, family.kind, family.sentence);
    for (const EdgeTotal& edge : totals) all.sample(edge.*family.value, {{"job", edge.job}, {"from", edge.from}, {"to", edge.to}});
  }
}

// A cell is called after the first of its stages.
void activities(Families& all, const JobSnapshots& snapshots) {
  std::map<std::tuple<std::string, std::string, std::size_t>, std::uint64_t> times;
  for (const auto& [job, snapshot] : snapshots) {
    for (const CellSnapshot& cell : snapshot.cells) {
      if (cell.stages.empty()) continue;
      for (std::size_t i = 0; i < kActivities; ++i) times[{job, snapshot.stages.at(cell.stages.front()), i}] += cell.times[i];
    }
  }
  if (times.empty()) return;
  all.family("leat_cell_seconds_total", MetricKind::counter, "Seconds of the cells that begin with a stage, by what they do.");
  for (const auto& [key, time] : times) {
    const auto& [job, stage, activity] = key;
    all.sample(static_cast<double>(time) * 1e-9,
               {{"job", job}, {"stage", stage}, {"activity", std::string(activity_name(static_cast<Activity>(activity)))}});
  }
}

void jobs(Families& all, const RunningJobs& running, const JobSnapshots& snapshots) {
  stages(all, running);
  own_counts(all, running);
  activities(all, snapshots);
  edges(all, snapshots);
}

void memory(Families& all, std::uint64_t resident) {
  all.lone("leat_process_peak_resident_bytes", MetricKind::gauge, "The most memory resident so far.", resident);
}

std::string label_value(const std::string& text) {
  std::string escaped;
  for (char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string sample_text(const std::string& name, const MetricSample& sample) {
  std::string text = name;
  for (std::size_t i = 0; i < sample.labels.size(); ++i) {
    text += (i ? "," : "{") + sample.labels[i].first + "=\"" + label_value(sample.labels[i].second) + "\"";
  }
  char number[40];
  std::snprintf(number, sizeof number, "%.17g", sample.value);
  return text + (sample.labels.empty() ? " " : "} ") + std::string(number) + "\n";
}

}  // namespace

MetricFamilies node_metrics(const NodeCounters& counters, const JobSnapshots& snapshots, std::uint64_t resident) {
  Families all;
  all.lone("leat_node_jobs_started_total", MetricKind::counter, "Jobs this node has begun to work on.", counters.jobs_started);
  all.lone("leat_node_jobs_failed_total", MetricKind::counter, "Of those, how many failed.", counters.jobs_failed);
  all.lone("leat_node_links_out_bytes_total", MetricKind::counter, "Bytes sent to other nodes.", counters.bytes_out);
  all.lone("leat_node_links_in_bytes_total", MetricKind::counter, "Bytes received from other nodes.", counters.bytes_in);
  all.lone("leat_node_links_reconnects_total", MetricKind::counter, "Connections made again.", counters.reconnects);
  memory(all, resident);
  jobs(all, counters.running, snapshots);
  return all.take();
}

MetricFamilies cluster_metrics(const ClusterStatus& status, std::uint64_t resident) {
  Families all;
  all.lone("leat_cluster_nodes", MetricKind::gauge, "Nodes that have joined.", status.members.size());
  all.lone("leat_cluster_jobs", MetricKind::gauge, "Jobs that have not ended.", status.jobs.size());
  memory(all, resident);
  RunningJobs running;
  for (const JobStatus& job : status.jobs) {
    running.emplace_back(job.graph + "-" + std::to_string(job.id), job.progress);
  }
  jobs(all, running, {});
  return all.take();
}

MetricFamilies run_metrics(const RunningJobs& running, const JobSnapshots& snapshots, MetricFamilies more, std::uint64_t resident) {
  Families all;
  memory(all, resident);
  jobs(all, running, snapshots);
  MetricFamilies told = all.take();
  std::move(more.begin(), more.end(), std::back_inserter(told));
  return told;
}

std::string metrics_text(const MetricFamilies& families) {
  std::string text;
  for (const MetricFamily& family : families) {
    const char* type = family.kind == MetricKind::counter ? "counter" : "gauge";
    text += "# HELP " + family.name + " " + family.sentence + "\n# TYPE " + family.name + " " + type + "\n";
    for (const MetricSample& sample : family.samples) text += sample_text(family.name, sample);
  }
  return text;
}

std::string metrics_text(const NodeCounters& counters, const JobSnapshots& snapshots, std::uint64_t resident) {
  return metrics_text(node_metrics(counters, snapshots, resident));
}

std::string metrics_text(const ClusterStatus& status, std::uint64_t resident) {
  return metrics_text(cluster_metrics(status, resident));
}

}  // namespace leat
