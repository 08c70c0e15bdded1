#include <leat/app/asking.hpp>

#include <leat/app/cluster_run.hpp>
#include <leat/app/show.hpp>
#include <leat/chunk/fields.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;
using inspect::InspectClient;
using inspect::JobNumber;

// Less says nothing of shares; more is better looked at again.
constexpr double kLeastOver = 0.1, kMostOver = 600;

// The number of the only job of that graph, or node of that name.
Result<JobNumber> number_called(const std::string& name) {
  auto jobs = local_jobs();
  if (!jobs) return std::move(jobs).error();
  std::vector<std::string> names;
  std::vector<JobNumber> found;
  for (const std::string& job : *jobs) {
    Json json = Json::parse(job);
    std::string own = json.value("graph", "").empty() ? json.value("node", "") : json.value("graph", "");
    if (!own.empty()) names.push_back(own);
    if (own == name) found.push_back(json["number"]);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return invalid("there is no job " + one_line(name) + did_you_mean(names, name) +
                   (jobs->empty() ? ": no job runs here" : ": say the number that jobs shows"));
  }
  std::string all;
  for (JobNumber one : found) all += (all.empty() ? "" : ", ") + std::to_string(one);
  return invalid("several jobs are called " + one_line(name) + ": say one of the numbers " + all);
}

std::string silent_job(JobNumber number, const Error& why) {
  return json_text(Json{{"type", "job"}, {"version", inspect::kVersion}, {"number", number}, {"kind", ""}, {"graph", ""},
                  {"state", "silent"}, {"why", why.sentence}});
}

}  // namespace

void add_job(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("job", parsed.request.asked.job, "its number, or its graph where that is enough")->required()->type_name("");
  command.add_option("--of", parsed.request.asked.share, "of a node that has several jobs: which, as describe shows it")
      ->type_name("job");
}

void add_over(CLI::App& command, ParsedCommand& parsed, const std::string& about) {
  command.add_option("--over", parsed.request.asked.over, about)
      ->type_name("number")
      ->check(CLI::Range(kLeastOver, kMostOver).description(""));
}

void add_cluster(CLI::App& command, ParsedCommand& parsed, const std::string& about) {
  add_endpoint(command, parsed, "cluster", about);
  add_credentials(command, parsed.request.access);
}

void add_service(CLI::App& command, ParsedCommand& parsed, const std::string& about) {
  command.add_option("--service", parsed.service, about)->type_name("url");
  command.add_option("--token", parsed.request.asked_service.token_file, "file with the token for it (what LEAT_TOKEN says)")
      ->type_name("file");
  command.add_option("--ca", parsed.request.asked_service.authority, "who has signed the certificate of an https service (whom this machine trusts)")
      ->type_name("file");
}

void add_json(CLI::App& command, ParsedCommand& parsed) {
  command.add_flag("--json", parsed.request.json, "JSON, for programs");
}

std::optional<JobNumber> number_in(const std::string& text) {
  JobNumber number = 0;
  auto [rest, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<InspectClient> asked_job(const Request& request) {
  auto number = number_in(request.asked.job);
  if (!number) {
    auto called = number_called(request.asked.job);
    if (!called) return std::move(called).error();
    number = *called;
  }
  return InspectClient::connect(inspect::jobs_folder(), *number);
}

Result<std::string> described(InspectClient& client) {
  auto answer = client.ask({"describe"});
  if (!answer) return answer;
  Json json = Json::parse(*answer);
  Json whole = {{"type", "job"}, {"version", inspect::kVersion}, {"number", client.number()}};
  for (auto& [name, value] : json.items()) whole[name] = std::move(value);
  return json_text(whole);
}

Result<std::vector<std::string>> local_jobs() {
  auto numbers = inspect::living_jobs(inspect::jobs_folder());
  if (!numbers) return std::move(numbers).error();
  std::vector<std::string> jobs;
  for (JobNumber number : *numbers) {
    auto client = InspectClient::connect(inspect::jobs_folder(), number);
    auto job = client ? described(*client) : Result<std::string>(client.error());
    // One that ended meanwhile is no job of this machine.
    if (!job && job.error().kind == ErrorKind::disconnected) continue;
    jobs.push_back(job ? std::move(*job) : silent_job(number, job.error()));
  }
  return jobs;
}

Result<std::vector<std::string>> cluster_jobs(const VerbCall& call) {
  auto options = submit_options(call.identity(), call.request);
  if (!options) return std::move(options).error();
  auto status = cluster_status(*options);
  if (!status) return std::move(status).error();
  std::vector<std::string> jobs;
  for (const JobStatus& job : status->jobs) jobs.push_back(described_job(job));
  return jobs;
}

std::string described_job(const JobStatus& job) {
  Json json = {{"type", "job"},  {"version", inspect::kVersion}, {"number", job.id}, {"kind", "job"},
               {"graph", job.graph}, {"state", job.phase}};
  if (!job.why.empty()) json["why"] = job.why;
  json["progress"] = Json::parse(progress_json(job.progress));
  return json_text(json);
}

Result<JobStatus> job_called(const ClusterStatus& status, const std::string& said) {
  std::vector<std::string> names;
  std::vector<const JobStatus*> found;
  for (const JobStatus& job : status.jobs) {
    if (std::to_string(job.id) == said) return job;
    if (job.graph == said) found.push_back(&job);
    names.push_back(job.graph);
    names.push_back(std::to_string(job.id));
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) return invalid("the cluster has no job " + one_line(said) + did_you_mean(names, said));
  std::string all;
  for (const JobStatus* job : found) all += (all.empty() ? "" : ", ") + std::to_string(job->id);
  return invalid("several jobs of the cluster are called " + one_line(said) + ": say one of the numbers " + all);
}

std::string did_you_mean(const std::vector<std::string>& names, const std::string& word) {
  Fields fields;
  for (const std::string& name : names) fields.push_back({name});
  std::string near = nearest_name(fields, word);
  return near.empty() ? "" : ", did you mean " + one_line(near) + "?";
}

}  // namespace leat
