#include <leat/app/show.hpp>

#include <leat/graph/json_text.hpp>
#include <leat/inspect/question.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

std::string formatted(const char* format, double value) {
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

// "1.25 M": three digits.
std::string short_number(double value) {
  constexpr std::array<const char*, 5> units = {"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  int digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return formatted(("%." + std::to_string(digits) + "f").c_str(), value) + units[unit];
}

std::string time_text(double seconds) {
  if (seconds < 90) return formatted("%.0f s", std::ceil(seconds));
  if (seconds < 5400) return formatted("%.0f min", std::ceil(seconds / 60));
  return formatted("%.1f h", seconds / 3600);
}

double per_second(double amount, double seconds) { return seconds > 0 ? amount / seconds : 0; }

// The one whose replicas have least time to spare: that is what the others wait for.
const StageProgress* busiest(const Progress& progress) {
  auto most = std::max_element(progress.stages.begin(), progress.stages.end(),
                               [](const StageProgress& a, const StageProgress& b) {
                                 return a.busy * static_cast<double>(b.replicas) <
                                        b.busy * static_cast<double>(a.replicas);
                               });
  return most == progress.stages.end() ? nullptr : &*most;
}

std::string left_text(const TimeLeft& left) {
  std::string least = time_text(left.least);
  std::string most = time_text(left.most);
  return (least == most ? least : least + " to " + most) + " left";
}

Json stages_json(const Progress& progress) {
  Json stages = Json::array();
  for (const StageProgress& stage : progress.stages) {
    Json counts = Json::object();
    for (const auto& [name, number] : stage.counts) counts[name] = number;
    Json json = {{"name", stage.name}, {"replicas", stage.replicas}};
    for (const StageMetric& metric : kStageMetrics) {
      std::string name(metric.name);
      metric.number ? json[name] = stage.*metric.number : json[name] = stage.*metric.seconds;
    }
    json["counts"] = std::move(counts);
    stages.push_back(std::move(json));
  }
  return stages;
}

Json progress_object(const char* type, const Progress& progress) {
  Json json = {{"type", type},
               {"seconds", progress.seconds},
               {"bytes", progress.bytes},
               {"bytes_total", progress.bytes_total},
               {"rows", progress.rows},
               {"rows_total", progress.rows_total},
               {"rows_per_s", per_second(static_cast<double>(progress.rows), progress.seconds)}};
  json["stages"] = stages_json(progress);
  return json;
}

Json curve_objects(const std::vector<NamedCurve>& drawn, bool whole) {
  Json curves = Json::array();
  for (const NamedCurve& curve : drawn) {
    if (curve.samples.empty()) continue;
    Json json = {{"stage", curve.stage}, {"name", curve.name}, {"x", curve.samples.back().x}, {"y", curve.samples.back().y}};
    if (whole) json["samples"] = Json::array();
    for (const Sample& sample : curve.samples) {
      if (whole) json["samples"].push_back({sample.x, sample.y});
    }
    curves.push_back(std::move(json));
  }
  return curves;
}

// Paths and names need not be UTF-8.
std::string line(const Json& json) {
  return json_text(json);
}

// The name of a job's loss is worth a line of its own, whoever counted it.
std::string loss(std::string_view name, std::uint64_t number, const StageProgress& stage) {
  return number == 0 ? "" : std::string(name) + ": " + std::to_string(number) + " in " + stage.name + "\n";
}

std::string losses(const Progress& progress) {
  std::string text;
  for (const StageProgress& stage : progress.stages) {
    for (const auto& [name, number] : stage.counts) {
      bool lost = name.find("dropped") != name.npos || name.find("skipped") != name.npos ||
                  name.find("null") != name.npos;
      if (lost) text += loss(name, number, stage);
    }
    for (const StageMetric& metric : kStageMetrics) {
      if (!metric.told.empty()) text += loss(metric.told, metric.units(stage), stage);
    }
  }
  return text;
}

// One that is lines is shown as lines, which begin otherwise than those that leat makes.
std::string result_text(const std::string& name, const std::string& value) {
  if (value.empty() || value.back() != '\n') return name + ": " + one_line(value) + "\n";
  std::string text = name + ":\n";
  for (std::size_t at = 0; at < value.size();) {
    std::size_t end = value.find('\n', at);
    text += "  " + one_line(value.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return text;
}

// Stages report when they have finished; what an interrupted run did not commit is no result.
std::vector<std::pair<std::string, std::string>> results(const Report& report) {
  return report.ending == Ending::complete ? report.results : decltype(report.results){};
}

}  // namespace

std::uint64_t total(const Progress& progress, const StageMetric& metric) {
  StageProgress all;
  for (const StageProgress& stage : progress.stages) metric.add(all, metric.units(stage));
  return metric.units(all);
}

std::string busiest_stage(const Progress& progress) {
  const StageProgress* most = busiest(progress);
  if (!most || progress.seconds <= 0) return "";
  double busy = most->busy / (progress.seconds * static_cast<double>(std::max<std::size_t>(most->replicas, 1)));
  return most->name + formatted(" %.0f%% busy", std::min(1.0, busy) * 100);
}

std::string bar(const Progress& progress, std::size_t width, double least, const Pace* pace) {
  double gone = part_done(progress);
  if (gone >= 0) gone = std::max(gone, least);
  std::string tail;
  if (gone >= 0) tail += formatted(" %3.0f%%", std::floor(gone * 100));
  tail += "  " + byte_text(progress.bytes);
  if (progress.rows > 0) {
    double rows = pace ? pace->rows_per_second() : per_second(static_cast<double>(progress.rows), progress.seconds);
    tail += "  " + short_number(rows) + " rows/s";
  }
  auto left = pace ? pace->left() : time_left(progress);
  if (left) tail += "  " + left_text(*left);
  if (std::string most = busiest_stage(progress); !most.empty()) tail += "  " + most;
  std::size_t room =
      width > tail.size() + 12 ? std::min<std::size_t>(30, width - tail.size() - 2) : 0;
  std::string filled;
  if (gone >= 0 && room > 0) {
    auto full = static_cast<std::size_t>(gone * static_cast<double>(room));
    filled = "[" + std::string(full, '=') + std::string(room - full, ' ') + "]";
  }
  return (filled + tail).substr(0, width);
}

std::string progress_json(const Progress& progress, const Pace* pace) {
  Json json = progress_object("progress", progress);
  double gone = part_done(progress);
  if (gone >= 0) json["done"] = gone;
  if (auto left = pace ? pace->left() : time_left(progress)) {
    json["eta_s"] = (left->least + left->most) / 2;
    json["eta_least_s"] = left->least;
    json["eta_most_s"] = left->most;
  }
  if (pace) json["rows_per_s_now"] = pace->rows_per_second();
  if (!progress.curves.empty()) json["curves"] = curve_objects(progress.curves, false);
  return line(json);
}

std::string curves_json(const std::vector<NamedCurve>& curves) {
  return line({{"type", "curves"}, {"version", inspect::kVersion}, {"curves", curve_objects(curves, true)}});
}

std::string waiting_json(const std::string& what) { return line({{"type", "waiting"}, {"what", what}}); }

std::string report_json(const Report& report) {
  Json json = progress_object("report", report.progress);
  if (!report.progress.curves.empty()) json["curves"] = curve_objects(report.progress.curves, true);
  json["ending"] = report.ending == Ending::complete ? "complete" : "interrupted";
  json["results"] = Json::object();
  for (const auto& [name, value] : results(report))
    json["results"][name] = value;
  json["peak_memory"] = report.peak_memory;
  json["peak_pool"] = report.peak_pool;
  json["bound"] = report.bound.total();
  json["warnings"] = report.warnings;
  if (!report.nodes.empty()) json["nodes"] = Json::array();
  for (const NodeReport& node : report.nodes) {
    json["nodes"].push_back({{"node", node.node},
                             {"stages", stages_json(node.progress)},
                             {"peak_memory", node.peak_memory},
                             {"peak_pool", node.peak_pool},
                             {"bound", node.bound}});
  }
  return line(json);
}

std::string error_json(const Error& error) {
  constexpr std::array<const char*, 5> kinds = {"invalid", "corrupt", "overloaded", "disconnected",
                                                "failed"};
  Json json = {{"type", "error"},
               {"kind", kinds[static_cast<std::size_t>(error.kind)]},
               {"sentence", error.sentence}};
  const Subject& subject = error.subject();
  for (const auto& [name, value] : {std::pair{"graph", &subject.graph}, std::pair{"stage", &subject.stage},
                                    std::pair{"option", &subject.option}, std::pair{"file", &subject.file}}) {
    if (!value->empty()) json[name] = *value;
  }
  if (subject.line > 0) json["line"] = subject.line;
  if (subject.column > 0) json["column"] = subject.column;
  return line(json);
}

std::string summary(const Report& report) {
  const Progress& progress = report.progress;
  std::string text;
  if (report.ending == Ending::interrupted) text += "interrupted: nothing was committed\n";
  for (const auto& [name, value] : results(report))
    text += result_text(name, value);
  text += losses(progress);
  if (progress.rows > 0) {
    text += "rows: " + std::to_string(progress.rows) + " in " + formatted("%.2f s, ", progress.seconds) +
            short_number(per_second(static_cast<double>(progress.rows), progress.seconds)) + " rows/s\n";
  }
  // One that was interrupted before it had nodes has no bound, and took no memory of its own.
  if (report.nodes.empty() && report.bound.total() > 0) {
    text += "peak memory: " + byte_text(report.peak_memory) + " of a bound of " +
            byte_text(report.bound.total()) + "\n";
  }
  for (const NodeReport& node : report.nodes) {
    text += "node " + one_line(node.node) + ": at most " + byte_text(node.peak_pool) + " of chunks, of a bound of " +
            byte_text(node.bound) + "; its process " + byte_text(node.peak_memory) + "\n";
  }
  return text;
}

}  // namespace leat
