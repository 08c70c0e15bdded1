#include <leat/app/service_client.hpp>

#include <leat/app/asking.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/graph/option.hpp>
#include <leat/inspect/question.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// A question to a job's process may take its seconds.
constexpr std::chrono::seconds kPatience{30};
constexpr const char* kJobs = "/api/v1/jobs";

std::string at_job(inspect::JobNumber number) { return std::string(kJobs) + "/" + std::to_string(number); }

Error refused(const HttpAnswer& answer) {
  Json json = Json::parse(answer.body, nullptr, false);
  std::string sentence = "it answers with status " + std::to_string(answer.status);
  if (json.is_object() && json.contains("error") && json["error"].is_object()) sentence = json["error"].value("sentence", sentence);
  bool later = answer.status == 429 || answer.status == 503;
  return {later ? ErrorKind::overloaded : answer.status < 500 ? ErrorKind::invalid : ErrorKind::failed, one_line(sentence)};
}

bool of_no_process(const std::string& stage) { return stage != "running"; }

// The service's words for a job, as its process would say them.
Json described(const Json& job) {
  Json whole = {{"type", "job"}, {"version", inspect::kVersion}, {"number", job["id"]}};
  if (job.contains("process") && job["process"].is_object()) {
    for (auto& [name, value] : job["process"].items()) {
      if (!whole.contains(name)) whole[name] = value;
    }
    return whole;
  }
  whole["kind"] = "job";
  whole["graph"] = job.value("graph", "");
  whole["state"] = job.value("stage", "");
  for (const char* why : {"sentence", "reason"}) {
    if (job.contains(why) && !whole.contains("why")) whole["why"] = job[why];
  }
  if (job.contains("pid")) whole["pid"] = job["pid"];
  return whole;
}

Result<Json> parsed(const Result<HttpAnswer>& answer) {
  if (!answer) return answer.error();
  Json json = Json::parse(answer->body, nullptr, false);
  if (!json.is_object()) return corrupt("the answer is no JSON: no leat service is there");
  return json;
}

}  // namespace

std::string token_in(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string first, role, token;
    words >> first >> role >> token;
    return token.empty() ? first : token;
  }
  return "";
}

Result<ServiceClient> ServiceClient::of(const ServiceAccess& access) {
  if (!access.token_file.empty()) {
    std::ifstream file(access.token_file);
    std::ostringstream text;
    text << file.rdbuf();
    std::string token = token_in(text.str());
    if (token.empty()) return invalid("--token " + one_line(access.token_file.string()) + " cannot be read, or has no token");
    return ServiceClient(*access.at, token);
  }
  const char* token = std::getenv("LEAT_TOKEN");
  if (!token || !*token) return invalid("a service needs a token: say --token FILE, or set LEAT_TOKEN");
  return ServiceClient(*access.at, token);
}

Result<HttpAnswer> ServiceClient::ask(HttpCall call) const {
  call.fields.push_back({"Authorization", "Bearer " + token_});
  if (call.most == kMostHttpAnswer) call.most = inspect::kMostAnswer;
  auto answer = http_ask(place_, call, kPatience);
  // That the service cannot be reached says nothing of the job.
  if (!answer) return Error{ErrorKind::failed, answer.error().sentence};
  if (answer->status < 200 || answer->status >= 300) return refused(*answer);
  return answer;
}

Result<std::vector<std::string>> ServiceClient::jobs() const {
  auto json = parsed(ask({.path = std::string(kJobs) + "?limit=1000"}));
  if (!json) return std::move(json).error();
  std::vector<std::string> all;
  for (const Json& job : (*json)["jobs"]) {
    auto one = of_no_process(job.value("stage", "")) ? Result<std::string>(json_text(described(job))) : this->job(job["id"]);
    if (!one) return std::move(one).error();
    all.push_back(std::move(*one));
  }
  return all;
}

Result<std::string> ServiceClient::job(inspect::JobNumber number) const {
  auto json = parsed(ask({.path = at_job(number)}));
  if (!json) return std::move(json).error();
  return json_text(described(*json));
}

Result<std::string> ServiceClient::stage_of(inspect::JobNumber number, std::chrono::milliseconds within) const {
  std::string seconds = shortest_text(std::chrono::duration<double>(std::min(within, kMostWait)).count());
  auto json = parsed(ask({.path = at_job(number) + "/end?within=" + seconds}));
  if (!json) return std::move(json).error();
  return json->value("stage", "");
}

Result<inspect::JobNumber> ServiceClient::number_of(const std::string& said) const {
  if (auto number = number_in(said)) return *number;
  std::vector<std::string> names;
  std::vector<inspect::JobNumber> found;
  for (const char* stage : {"running", "queued"}) {
    auto json = parsed(ask({.path = std::string(kJobs) + "?limit=1000&stage=" + stage}));
    if (!json) return std::move(json).error();
    for (const Json& job : (*json)["jobs"]) {
      names.push_back(job.value("graph", ""));
      if (names.back() == said) found.push_back(job["id"]);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return invalid("the service has no job " + one_line(said) + " that has not ended" + did_you_mean(names, said));
  std::string all;
  for (auto one : found) all += (all.empty() ? "" : ", ") + std::to_string(one);
  return invalid("several jobs of the service are called " + one_line(said) + ": say one of the numbers " + all);
}

}  // namespace leat
