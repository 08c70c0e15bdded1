#include <leat/app/show_status.hpp>

#include <leat/app/show.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ",") + word;
  return all;
}

std::string member_line(const MemberStatus& member) {
  std::string line = "node " + one_line(member.node.name) + ": " + std::to_string(member.node.cpus) + " cpus";
  if (member.node.memory) line += ", " + byte_text(member.node.memory);
  if (!member.node.labels.empty()) line += ", labels " + one_line(joined(member.node.labels));
  line += ", data on " + one_line(to_string(member.data));
  return line + (member.draining ? ", draining\n" : "\n");
}

std::string job_line(const JobStatus& job) {
  const Progress& progress = job.progress;
  std::string line = "job " + std::to_string(job.id) + ": " + one_line(job.graph) + ", " + one_line(job.phase) +
                     (job.why.empty() ? "" : " " + one_line(job.why));
  if (double gone = part_done(progress); gone >= 0) line += ", " + std::to_string(static_cast<int>(gone * 100)) + "%";
  line += ", " + std::to_string(progress.rows) + " rows";
  for (const StageMetric& metric : kStageMetrics) {
    std::uint64_t number = metric.told.empty() ? 0 : total(progress, metric);
    if (number > 0) line += ", " + std::to_string(number) + " " + std::string(metric.told);
  }
  if (std::string most = busiest_stage(progress); !most.empty()) line += ", " + one_line(most);
  return line + "\n";
}

// What stages count themselves: "  parse: rows 200000, rows dropped 3".
std::string count_lines(const Progress& progress) {
  std::string lines;
  for (const StageProgress& stage : progress.stages) {
    std::string counts;
    for (const auto& [name, number] : stage.counts) {
      counts += (counts.empty() ? "" : ", ") + one_line(name) + " " + std::to_string(number);
    }
    if (!counts.empty()) lines += "  " + one_line(stage.name) + ": " + counts + "\n";
  }
  return lines;
}

}  // namespace

std::string status_text(const ClusterStatus& status) {
  std::string text;
  for (const MemberStatus& member : status.members) text += member_line(member);
  for (const JobStatus& job : status.jobs) text += job_line(job) + count_lines(job.progress);
  return text.empty() ? "no nodes, no jobs\n" : text;
}

std::string status_json(const ClusterStatus& status) {
  Json json = {{"type", "status"}, {"nodes", Json::array()}, {"jobs", Json::array()}};
  for (const MemberStatus& member : status.members) {
    json["nodes"].push_back({{"name", member.node.name},
                             {"labels", member.node.labels},
                             {"cpus", member.node.cpus},
                             {"memory", member.node.memory},
                             {"data", to_string(member.data)},
                             {"draining", member.draining}});
  }
  for (const JobStatus& job : status.jobs) {
    Json one = {{"id", job.id},
                {"graph", job.graph},
                {"phase", job.phase},
                {"why", job.why},
                {"bytes", job.progress.bytes},
                {"rows", job.progress.rows}};
    for (const StageMetric& metric : kStageMetrics) {
      if (!metric.told.empty()) one[std::string(metric.name)] = total(job.progress, metric);
    }
    Json progress = Json::parse(progress_json(job.progress));
    for (const char* name : {"seconds", "bytes_total", "rows_total", "done", "eta_s", "stages"}) {
      if (progress.contains(name)) one[name] = std::move(progress[name]);
    }
    json["jobs"].push_back(std::move(one));
  }
  return json_text(json);
}

}  // namespace leat
