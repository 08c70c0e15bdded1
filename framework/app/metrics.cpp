#include <leat/app/metrics.hpp>

#include <cstdio>
#include <utility>

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

}  // namespace

std::string metrics_text(const NodeCounters& counters, std::uint64_t resident) {
  Exposition text;
  text.lone("leat_node_jobs_started_total", "counter", "Jobs this node has begun to work on.", counters.jobs_started);
  text.lone("leat_node_jobs_failed_total", "counter", "Of those, how many failed.", counters.jobs_failed);
  text.lone("leat_node_links_out_bytes_total", "counter", "Bytes sent to other nodes.", counters.bytes_out);
  text.lone("leat_node_links_in_bytes_total", "counter", "Bytes received from other nodes.", counters.bytes_in);
  text.lone("leat_node_links_reconnects_total", "counter", "Connections made again.", counters.reconnects);
  text.lone("leat_process_peak_resident_bytes", "gauge", "The most memory resident so far.", resident);
  stages(text, counters.running);
  own_counts(text, counters.running);
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
