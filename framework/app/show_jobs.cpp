#include <leat/app/show_jobs.hpp>

#include <leat/app/logging.hpp>
#include <leat/app/show.hpp>
#include <leat/diagnosis/snapshot_text.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/inspect/question.hpp>
#include <leat/inspect/snapshot_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kUnknown = "–";

std::string word(const Json& json, const char* name) {
  if (!json.contains(name)) return kUnknown;
  const Json& value = json[name];
  std::string text = value.is_string() ? value.get<std::string>() : json_text(value);
  return text.empty() ? kUnknown : one_line(text);
}

const Json* progress_of(const Json& job) {
  auto found = job.find("progress");
  return found == job.end() || !found->is_object() ? nullptr : &*found;
}

double number(const Json& json, const char* name, double fallback) {
  return json.contains(name) && json[name].is_number() ? json[name].get<double>() : fallback;
}

std::string done_text(const Json& job) {
  const Json* progress = progress_of(job);
  double done = progress ? number(*progress, "done", -1) : -1;
  return done < 0 ? kUnknown : std::to_string(static_cast<int>(done * 100)) + "%";
}

std::string time_text(const Json& job) {
  const Json* progress = progress_of(job);
  double seconds = progress ? number(*progress, "seconds", -1) : -1;
  return seconds < 0 ? kUnknown : duration_text(static_cast<std::uint64_t>(seconds * 1e9));
}

std::string name_of(const Json& job) {
  std::string graph = word(job, "graph");
  return graph == kUnknown ? word(job, "node") : graph;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string table_line(const std::vector<std::string>& cells) {
  constexpr std::size_t kWidths[] = {6, 11, 20, 10, 5, 8, 8};
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i ? "  " : "") + cell_text(cells[i], kWidths[i]);
  return trimmed(line);
}

std::string stage_lines(const Json& progress) {
  std::string text;
  if (!progress.contains("stages")) return text;
  for (const Json& stage : progress["stages"]) {
    char busy[40];
    std::snprintf(busy, sizeof busy, "%.1f s busy", number(stage, "busy_s", 0));
    text += "  " + word(stage, "name") + ": replicas " + word(stage, "replicas") + ", visits " + word(stage, "visits") + ", " + busy;
    if (stage.contains("counts")) {
      for (const auto& [name, count] : stage["counts"].items()) text += ", " + one_line(name) + " " + json_text(count);
    }
    text += "\n";
  }
  return text;
}

std::string thread_line(const Json& thread) {
  char cpu[40];
  std::snprintf(cpu, sizeof cpu, "%.2f s on a CPU", number(thread, "cpu_s", 0));
  std::string waits = word(thread, "waits_in");
  return "  " + word(thread, "id") + " " + word(thread, "name") + ": " + word(thread, "state") + ", " + cpu +
         (waits == kUnknown ? "\n" : ", waits in " + waits + "\n");
}

}  // namespace

std::string jobs_text(const std::vector<std::string>& jobs) {
  if (jobs.empty()) return "no jobs\n";
  std::string text = table_line({"job", "kind", "graph", "state", "done", "time", "pid"});
  for (const std::string& one : jobs) {
    Json job = Json::parse(one);
    text += table_line({word(job, "number"), word(job, "kind"), name_of(job), word(job, "state"), done_text(job), time_text(job),
                        word(job, "pid")});
  }
  return text;
}

std::string jobs_json(const std::vector<std::string>& jobs) {
  Json json = {{"type", "jobs"}, {"version", inspect::kVersion}, {"jobs", Json::array()}};
  for (const std::string& job : jobs) json["jobs"].push_back(Json::parse(job));
  return json_text(json);
}

std::string job_text(const std::string& text) {
  Json job = Json::parse(text);
  std::string lines = "job " + word(job, "number") + ": " + name_of(job) + ", " + word(job, "state");
  if (job.contains("why")) lines += " " + word(job, "why");
  lines += "\n";
  for (const char* name : {"kind", "program", "build", "pid"}) {
    if (job.contains(name)) lines += std::string(name) + ": " + word(job, name) + "\n";
  }
  if (double memory = number(job, "memory", 0); memory > 0) lines += "memory: " + byte_text(static_cast<std::uint64_t>(memory)) + "\n";
  lines += "done: " + done_text(job) + ", time: " + time_text(job) + "\n";
  if (const Json* progress = progress_of(job)) lines += stage_lines(*progress);
  if (!job.contains("jobs")) return lines;
  for (const Json& one : job["jobs"]) {
    bool of_node = one.contains("name");
    lines += "job " + word(one, of_node ? "name" : "id") + ": " + word(one, of_node ? "state" : "phase") + "\n";
    if (const Json* progress = progress_of(one)) lines += stage_lines(*progress);
  }
  return lines;
}

std::string dump_text(const std::string& text) {
  Json dump = Json::parse(text);
  std::string lines = "job " + word(dump, "number") + ": " + name_of(dump) + ", " + word(dump, "state") + ", pid " + word(dump, "pid") + "\nthreads\n";
  if (dump.contains("threads")) {
    for (const Json& thread : dump["threads"]) lines += thread_line(thread);
  }
  if (!dump.contains("snapshot")) return lines;
  auto snapshot = inspect::parse_snapshot(json_text(dump["snapshot"]));
  return lines + (snapshot ? snapshot_text(*snapshot) : one_line(snapshot.error().sentence) + "\n");
}

std::string log_text(const std::string& answer) {
  Json json = Json::parse(answer);
  std::string text;
  for (const Json& line : json.at("lines")) {
    std::vector<std::string> names, values;
    std::vector<LogField> fields;
    for (const auto& [name, value] : line.at("fields").items()) names.push_back(name), values.push_back(value);
    for (std::size_t i = 0; i < names.size(); ++i) fields.emplace_back(names[i], values[i]);
    if (line.contains("node")) text += (line["node"].is_null() ? "coordinator" : word(line, "node")) + " ";
    text += word(line, "time") + " " + word(line, "level") + " " + log_line(line.at("phrase").get<std::string>(), fields) + "\n";
  }
  return text;
}

std::string log_json(const std::string& answer) {
  Json json = Json::parse(answer);
  std::string text;
  for (const Json& line : json.at("lines")) text += json_text(line) + "\n";
  return text;
}

std::string merged(const std::vector<NodeLines>& lines) {
  std::vector<Json> all;
  for (const auto& [node, answer] : lines) {
    Json json = Json::parse(answer);
    for (Json& line : json.at("lines")) {
      line["node"] = node.empty() ? Json() : Json(node);
      all.push_back(std::move(line));
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Json& one, const Json& other) {
    return one.at("time").get_ref<const std::string&>() < other.at("time").get_ref<const std::string&>();
  });
  return json_text(Json{{"lines", std::move(all)}});
}

std::string silent_text(const std::string& node, bool json) {
  if (!json) return "not heard: (node " + one_line(node) + " is silent)\n";
  return json_text(Json{{"type", "silent"}, {"version", inspect::kVersion}, {"node", node}}) + "\n";
}

std::uint64_t line_after(const std::string& answer, std::uint64_t from) {
  Json json = Json::parse(answer);
  const Json& lines = json.at("lines");
  return lines.empty() ? from : lines.back().at("number").get<std::uint64_t>() + 1;
}

}  // namespace leat
