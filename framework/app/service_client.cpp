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
// Bytes of a file of tokens, and of one.
constexpr std::size_t kMostTokens = std::size_t{1} << 20, kMostToken = 1024;

bool is_token(const std::string& text) {
  return text.size() <= kMostToken && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

std::string at_job(inspect::JobNumber number) { return std::string(kJobs) + "/" + std::to_string(number); }

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

Error no_service() { return corrupt("the answer is none of a leat service: another server is there"); }

// Deeper than any answer of a service: to walk through it would take the stack.
bool too_deep(const std::string& text) {
  int depth = 0;
  for (char c : text) {
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    if (depth > 200) return true;
  }
  return false;
}

Error refused(const HttpAnswer& answer) {
  Json json = too_deep(answer.body) ? Json() : Json::parse(answer.body, nullptr, false);
  std::string sentence = "it answers with status " + std::to_string(answer.status);
  const Json* error = json.is_object() && json.contains("error") && json["error"].is_object() ? &json["error"] : nullptr;
  if (error && error->contains("sentence") && (*error)["sentence"].is_string()) sentence = (*error)["sentence"];
  bool later = answer.status == 429 || answer.status == 503;
  return {later ? ErrorKind::overloaded : answer.status < 500 ? ErrorKind::invalid : ErrorKind::failed, one_line(sentence)};
}

Result<Json> parsed(const Result<HttpAnswer>& answer) {
  if (!answer) return answer.error();
  if (too_deep(answer->body)) return no_service();
  Json json = Json::parse(answer->body, nullptr, false);
  if (!json.is_object()) return no_service();
  return json;
}

// A job as the service tells it: what is read of it is there, and of its type.
bool is_job(const Json& job) {
  auto text = [&](const char* name, bool needed) {
    auto found = job.find(name);
    return found == job.end() ? !needed : found->is_string();
  };
  return job.is_object() && job.contains("id") && job["id"].is_number_unsigned() && text("stage", true) && text("graph", true) &&
         text("sentence", false) && text("reason", false);
}

Result<Json> parsed_job(const Result<HttpAnswer>& answer) {
  auto json = parsed(answer);
  if (json && !is_job(*json)) return no_service();
  return json;
}

Result<std::vector<Json>> parsed_jobs(const Result<HttpAnswer>& answer) {
  auto json = parsed(answer);
  if (!json) return std::move(json).error();
  if (!json->contains("jobs") || !(*json)["jobs"].is_array()) return no_service();
  std::vector<Json> jobs;
  for (Json& job : (*json)["jobs"]) {
    if (!is_job(job)) return no_service();
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace

std::string token_in(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string first, role, token;
    words >> first >> role >> token;
    if (first.empty() || first[0] == '#') continue;
    return token.empty() ? first : token;
  }
  return "";
}

Result<ServiceClient> ServiceClient::of(const ServiceAccess& access) {
  if (!access.token_file.empty()) {
    std::ifstream file(access.token_file);
    std::string text(kMostTokens, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    std::string token = token_in(text);
    if (token.empty() || !is_token(token)) return invalid("--token " + one_line(access.token_file.string()) + " cannot be read, or has no token");
    return ServiceClient(*access.at, token);
  }
  const char* token = std::getenv("LEAT_TOKEN");
  if (!token || !*token) return invalid("a service needs a token: say --token FILE, or set LEAT_TOKEN");
  if (!is_token(token)) return invalid("what LEAT_TOKEN says is no token: that is letters, digits and signs, at most " + std::to_string(kMostToken));
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
  auto listed = parsed_jobs(ask({.path = std::string(kJobs) + "?limit=1000"}));
  if (!listed) return std::move(listed).error();
  std::vector<std::string> all;
  for (const Json& job : *listed) {
    auto one = of_no_process(job.value("stage", "")) ? Result<std::string>(json_text(described(job))) : this->job(job["id"]);
    if (!one) return std::move(one).error();
    all.push_back(std::move(*one));
  }
  return all;
}

Result<std::string> ServiceClient::job(inspect::JobNumber number) const {
  auto json = parsed_job(ask({.path = at_job(number)}));
  if (!json) return std::move(json).error();
  return json_text(described(*json));
}

Result<std::string> ServiceClient::stage_of(inspect::JobNumber number, std::chrono::milliseconds within) const {
  std::string seconds = shortest_text(std::chrono::duration<double>(std::min(within, kMostWait)).count());
  auto json = parsed_job(ask({.path = at_job(number) + "/end?within=" + seconds}));
  if (!json) return std::move(json).error();
  return one_line((*json)["stage"].get<std::string>());
}

Result<inspect::JobNumber> ServiceClient::number_of(const std::string& said) const {
  if (auto number = number_in(said)) return *number;
  std::vector<std::string> names;
  std::vector<inspect::JobNumber> found;
  for (const char* stage : {"running", "queued"}) {
    auto listed = parsed_jobs(ask({.path = std::string(kJobs) + "?limit=1000&stage=" + stage}));
    if (!listed) return std::move(listed).error();
    for (const Json& job : *listed) {
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
