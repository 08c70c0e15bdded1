#include <leat/app/metrics.hpp>

#include <cstdio>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace leat {
namespace {

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

class Exposition {
 public:
  void family(const std::string& name, const char* type, const std::string& sentence) {
    name_ = name;
    text_ += "# HELP " + name + " " + sentence + "\n# TYPE " + name + " " + type + "\n";
  }

  void sample(double value, const std::vector<std::pair<std::string, std::string>>& labels = {}) {
    text_ += name_;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      text_ += (i ? "," : "{") + labels[i].first + "=\"" + label_value(labels[i].second) + "\"";
    }
    char number[40];
    std::snprintf(number, sizeof number, "%.17g", value);
    text_ += (labels.empty() ? " " : "} ") + std::string(number) + "\n";
  }

  void lone(const std::string& name, const char* type, const std::string& sentence, std::uint64_t value) {
    family(name, type, sentence);
    sample(static_cast<double>(value));
  }

  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

using Running = std::vector<std::pair<std::string, Progress>>;

void stages(Exposition& text, const Running& running) {
  if (running.empty()) return;
  for (const StageMetric& metric : kStageMetrics) {
    if (metric.exposed.empty()) continue;
    text.family(std::string(metric.exposed), "counter", std::string(metric.sentence));
    for (const auto& [job, progress] : running) {
      for (const StageProgress& stage : progress.stages) {
        text.sample(metric.value(stage), {{"job", job}, {"stage", stage.name}});
      }
    }
  }
}

void own_counts(Exposition& text, const Running& running) {
  bool any = false;
  for (const auto& [job, progress] : running) {
    for (const StageProgress& stage : progress.stages) {
      for (const auto& [name, number] : stage.counts) {
        if (!std::exchange(any, true)) {
          text.family("leat_stage_own_count_total", "counter", "What a stage counts itself, by the name it gives.");
        }
        text.sample(static_cast<double>(number), {{"job", job}, {"stage", stage.name}, {"count", name}});
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

void edges(Exposition& text, const JobSnapshots& snapshots) {
  struct Family {
    const char* name;
    const char* type;
    const char* sentence;
    double EdgeTotal::*value;
  };
  constexpr Family kFamilies[] = {
      {"leat_edge_sent_bytes_total", "counter", "Bytes that senders here have sent over an edge.", &EdgeTotal::sent},
      {"leat_edge_credit_wait_seconds_total", "counter", "Seconds that cells here waited for credit of an edge.", &EdgeTotal::waited},
      {"leat_edge_received_bytes_total", "counter", "Bytes that receivers here have received over an edge.", &EdgeTotal::received},
      {"leat_edge_consumed_bytes_total", "counter", "Of those, bytes that stages are done with.", &EdgeTotal::consumed},
      {"leat_edge_window_bytes", "gauge", "Bytes that may be under way over an edge.", &EdgeTotal::window},
  };
  auto all = edges_of(snapshots);
  if (all.empty()) return;
  for (const Family& family : kFamilies) {
    text.family(family.name, family.type, family.sentence);
    for (const EdgeTotal& edge : all) text.sample(edge.*family.value, {{"job", edge.job}, {"from", edge.from}, {"to", edge.to}});
  }
}

// A cell is called after the first of its stages.
void activities(Exposition& text, const JobSnapshots& snapshots) {
  std::map<std::tuple<std::string, std::string, std::size_t>, std::uint64_t> times;
  for (const auto& [job, snapshot] : snapshots) {
    for (const CellSnapshot& cell : snapshot.cells) {
      if (cell.stages.empty()) continue;
      for (std::size_t i = 0; i < kActivities; ++i) times[{job, snapshot.stages.at(cell.stages.front()), i}] += cell.times[i];
    }
  }
  if (times.empty()) return;
  text.family("leat_cell_seconds_total", "counter", "Seconds of the cells that begin with a stage, by what they do.");
  for (const auto& [key, time] : times) {
    const auto& [job, stage, activity] = key;
    text.sample(static_cast<double>(time) * 1e-9,
                {{"job", job}, {"stage", stage}, {"activity", std::string(activity_name(static_cast<Activity>(activity)))}});
  }
}

}  // namespace

std::string metrics_text(const NodeCounters& counters, const JobSnapshots& snapshots, std::uint64_t resident) {
  Exposition text;
  text.lone("leat_node_jobs_started_total", "counter", "Jobs this node has begun to work on.", counters.jobs_started);
  text.lone("leat_node_jobs_failed_total", "counter", "Of those, how many failed.", counters.jobs_failed);
  text.lone("leat_node_links_out_bytes_total", "counter", "Bytes sent to other nodes.", counters.bytes_out);
  text.lone("leat_node_links_in_bytes_total", "counter", "Bytes received from other nodes.", counters.bytes_in);
  text.lone("leat_node_links_reconnects_total", "counter", "Connections made again.", counters.reconnects);
  text.lone("leat_process_peak_resident_bytes", "gauge", "The most memory resident so far.", resident);
  stages(text, counters.running);
  own_counts(text, counters.running);
  activities(text, snapshots);
  edges(text, snapshots);
  return text.take();
}

std::string metrics_text(const ClusterStatus& status, std::uint64_t resident) {
  Exposition text;
  text.lone("leat_cluster_nodes", "gauge", "Nodes that have joined.", status.members.size());
  text.lone("leat_cluster_jobs", "gauge", "Jobs that have not ended.", status.jobs.size());
  text.lone("leat_process_peak_resident_bytes", "gauge", "The most memory resident so far.", resident);
  Running running;
  for (const JobStatus& job : status.jobs) {
    running.emplace_back(job.graph + "-" + std::to_string(job.id), job.progress);
  }
  stages(text, running);
  own_counts(text, running);
  return text.take();
}

}  // namespace leat
