#include <leat/gateway/job_json.hpp>

#include <leat/chunk/fields.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/gateway/cell_json.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostPriority = 100;
constexpr double kLeastBetween = 0.01, kMostBetween = 86'400;  // seconds, of checkpoints

Json time_json(Time time) { return time == Time{} ? Json() : Json(time_text(time)); }

Json job_object(const JobView& view) {
  const JobRecord& job = view.record;
  Json json = {{"id", exact<Json>(job.id)},
               {"graph", job.graph},
               {"args", job.args},
               {"tenant", job.tenant},
               {"priority", job.priority},
               {"pinned", job.pinned},
               {"memory", exact<Json>(job.needs.memory)},
               {"threads", job.needs.threads},
               {"cpu_seconds", job.cpu},
               {"bytes", exact<Json>(job.bytes)},
               {"stage", stage_name(job.stage)},
               {"submitted", time_json(job.submitted)},
               {"started", time_json(job.started)},
               {"ended", time_json(job.ended)}};
  if (job.stage == JobStage::queued) json["position"] = view.position;
  if (!view.reason.empty()) json["reason"] = view.reason;
  if (job.cancelling && !has_ended(job.stage)) json["cancelling"] = true;
  if (job.draining) json["drained"] = true;
  if (job.on_cluster) json["cluster"] = true;
  if (job.checkpoints.count() > 0) json["checkpoints"] = std::chrono::duration<double>(job.checkpoints).count();
  if (job.restored > 0) json["restored"] = job.restored;
  if (job.stage == JobStage::running && job.process.pid > 0) json["pid"] = job.process.pid;
  if (!job.sentence.empty()) json["sentence"] = job.sentence;
  return json;
}

Json param_object(const Option& param) {
  Json json = {{"name", param.name}, {"type", type_name(param.type)}, {"sentence", param.sentence}};
  if (param.fallback) json["fallback"] = *param.fallback;
  if (!param.unit.empty()) json["unit"] = param.unit;
  if (param.least) json["least"] = *param.least;
  if (param.most) json["most"] = *param.most;
  if (!param.choices.empty()) json["choices"] = param.choices;
  if (param.output) json["output"] = true;
  return json;
}

Result<Json> object_in(const std::string& text, const Fields& members) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return invalid("the body is no JSON");
  if (!json.is_object()) return invalid("the body is no object of JSON");
  for (const auto& [name, value] : json.items()) {
    if (find_field(members, name)) continue;
    std::string near = nearest_name(members, name);
    return invalid("there is no member " + one_line(name) + (near.empty() ? "" : ", did you mean " + near + "?") + ": there are " + listed(members));
  }
  return json;
}

Result<std::int64_t> whole(const Json& json, const char* name, std::int64_t least, std::int64_t most) {
  if (json.is_number_integer() && json >= least && json <= most) return json.get<std::int64_t>();
  return invalid(std::string(name) + " is a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

// A value as the command line would have it.
Result<std::string> value_text(const std::string& name, const Json& value) {
  if (value.is_string() && value.get_ref<const std::string&>().find('\0') != std::string::npos) {
    return invalid("args: " + one_line(name) + " has a character of the code 0, which no value has");
  }
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return invalid("args: " + one_line(name) + " is a text, a number, true or false");
}

}  // namespace

std::string job_json(const JobView& view) { return json_text(job_object(view)); }

std::string jobs_json(const std::vector<JobView>& views, bool more) {
  Json json = {{"jobs", Json::array()}, {"next", nullptr}};
  for (const JobView& view : views) json["jobs"].push_back(job_object(view));
  if (more && !views.empty()) json["next"] = exact<Json>(views.back().record.id);
  return json_text(json);
}

std::string live_json(const Jobs::Current& current, std::uint64_t event) {
  Json json = {{"type", "jobs"}, {"number", event}};
  json["counts"] = {{"queued", current.counts.queued}, {"running", current.counts.running}, {"ended", current.counts.ended}};
  for (auto [name, views] : {std::pair("running", &current.running), std::pair("queued", &current.queued)}) {
    json[name] = Json::array();
    for (const JobView& view : *views) {
      Json one = job_object(view);
      one.erase("args");
      json[name].push_back(std::move(one));
    }
  }
  return json_text(json);
}

std::string graphs_json(const std::vector<Program>& programs, bool has_cluster) {
  Json json = {{"cluster", has_cluster}, {"graphs", Json::array()}};
  for (const Program& program : programs) {
    Json one = {{"name", program.name}, {"sentence", program.sentence}, {"params", Json::array()}};
    for (const Option& param : program.params) {
      if (!param.hidden) one["params"].push_back(param_object(param));
    }
    json["graphs"].push_back(std::move(one));
  }
  return json_text(json);
}

Result<JobRequest> parse_job_request(const std::string& text) {
  auto json = object_in(text, {{"graph"}, {"args"}, {"priority"}, {"threads"}, {"cluster"}, {"checkpoints"}});
  if (!json) return std::move(json).error();
  JobRequest request;
  if (!json->contains("graph") || !(*json)["graph"].is_string()) return invalid("graph is missing: say the name of one");
  request.graph = (*json)["graph"];
  if (json->contains("args")) {
    const Json& args = (*json)["args"];
    if (!args.is_object()) return invalid("args is an object: a member for each parameter");
    for (const auto& [name, value] : args.items()) {
      auto said = value_text(name, value);
      if (!said) return std::move(said).error();
      request.args[name] = std::move(*said);
    }
  }
  if (json->contains("priority")) {
    auto priority = whole((*json)["priority"], "priority", -kMostPriority, kMostPriority);
    if (!priority) return std::move(priority).error();
    request.priority = static_cast<int>(*priority);
  }
  if (json->contains("threads")) {
    auto threads = whole((*json)["threads"], "threads", 1, 1024);
    if (!threads) return std::move(threads).error();
    request.threads = static_cast<std::size_t>(*threads);
  }
  if (json->contains("cluster")) {
    if (!(*json)["cluster"].is_boolean()) return invalid("cluster is true or false");
    request.on_cluster = (*json)["cluster"].get<bool>();
  }
  if (json->contains("checkpoints")) {
    const Json& every = (*json)["checkpoints"];
    double seconds = every.is_number() ? every.get<double>() : 0;
    if (!(seconds >= kLeastBetween && seconds <= kMostBetween)) return invalid("checkpoints are seconds between two of them, from 0.01 to 86400");
    request.checkpoints = std::chrono::milliseconds(std::llround(seconds * 1000));
  }
  if (request.on_cluster && request.threads > 0) {
    return invalid("threads are of jobs that run on the service's machine: one on the cluster has those of its nodes, leave threads out");
  }
  return request;
}

Result<JobChange> parse_job_change(const std::string& text) {
  auto json = object_in(text, {{"priority"}, {"pinned"}});
  if (!json) return std::move(json).error();
  JobChange change;
  if (json->contains("priority")) {
    auto priority = whole((*json)["priority"], "priority", -kMostPriority, kMostPriority);
    if (!priority) return std::move(priority).error();
    change.priority = static_cast<int>(*priority);
  }
  if (json->contains("pinned")) {
    if (!(*json)["pinned"].is_boolean()) return invalid("pinned is true or false");
    change.pinned = (*json)["pinned"].get<bool>();
  }
  if (!change.priority && !change.pinned) return invalid("say priority, pinned or both");
  return change;
}

Result<std::chrono::hours> parse_link_request(const std::string& text) {
  auto json = object_in(text, {{"hours"}});
  if (!json) return std::move(json).error();
  if (!json->contains("hours")) return invalid("hours is missing: say how long the link is to be good");
  auto hours = whole((*json)["hours"], "hours", 1, kMostHours);
  if (!hours) return std::move(hours).error();
  return std::chrono::hours(*hours);
}

}  // namespace leat
