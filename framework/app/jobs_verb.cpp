// jobs, describe: what runs on this machine, or on a cluster, and one of them as a whole.
#include <leat/app/asking.hpp>
#include <leat/app/show_jobs.hpp>
#include <leat/chunk/one_line.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

Result<std::vector<std::string>> jobs_of(const VerbCall& call) {
  return call.request.access.cluster ? cluster_jobs(call) : local_jobs();
}

int show_jobs(const VerbCall& call) {
  auto jobs = jobs_of(call);
  if (!jobs) return call.console.error(jobs.error(), true);
  return call.console.text(call.request.json ? jobs_json(*jobs) + "\n" : jobs_text(*jobs), "the jobs");
}

// Of the coordinator's jobs the one that was said, by number or graph.
Result<std::string> cluster_job(const VerbCall& call) {
  auto jobs = cluster_jobs(call);
  if (!jobs) return std::move(jobs).error();
  const std::string& said = call.request.asked.job;
  std::vector<std::string> names;
  for (const std::string& job : *jobs) {
    Json json = Json::parse(job);
    if (json["number"].dump() == said || json["graph"] == said) return job;
    names.push_back(json["graph"]);
    names.push_back(json["number"].dump());
  }
  return invalid("the cluster has no job " + one_line(said) + did_you_mean(names, said));
}

int describe(const VerbCall& call) {
  auto shown = [&]() -> Result<std::string> {
    if (call.request.access.cluster) return cluster_job(call);
    auto client = asked_job(call.request);
    return client ? described(*client) : Result<std::string>(std::move(client).error());
  }();
  if (!shown) return call.console.error(shown.error(), true);
  return call.console.text(call.request.json ? *shown + "\n" : job_text(*shown), "the job");
}

void add_jobs(CLI::App& command, ParsedCommand& parsed) {
  add_json(command, parsed);
  add_cluster(command, parsed, "those of the coordinator there (those of this machine)");
}

void add_describe(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_jobs(command, parsed);
}

}  // namespace

extern const Verb kJobsVerb, kDescribeVerb;
const Verb kJobsVerb{"", "jobs", "list what runs on this machine, or on a cluster", false, add_jobs, show_jobs};
const Verb kDescribeVerb{"", "describe", "show all that a job says of itself", false, add_describe, describe};

}  // namespace leat
