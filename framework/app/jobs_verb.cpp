// jobs, describe: what runs on this machine, or on a cluster, and one of them as a whole.
#include <leat/app/asking.hpp>
#include <leat/app/cluster_run.hpp>
#include <leat/app/service_client.hpp>
#include <leat/app/show_jobs.hpp>

namespace leat {
namespace {

Result<std::vector<std::string>> jobs_of(const VerbCall& call) {
  if (call.request.asked_service.at) {
    auto client = ServiceClient::of(call.request.asked_service);
    return client ? client->jobs() : Result<std::vector<std::string>>(std::move(client).error());
  }
  return call.request.access.cluster ? cluster_jobs(call) : local_jobs();
}

int show_jobs(const VerbCall& call) {
  auto jobs = jobs_of(call);
  if (!jobs) return call.console.error(jobs.error(), true);
  return call.console.text(call.request.json ? jobs_json(*jobs) + "\n" : jobs_text(*jobs), "the jobs");
}

// Of the coordinator's jobs the one that was said, by number or graph.
Result<std::string> cluster_job(const VerbCall& call) {
  auto options = submit_options(call.identity(), call.request);
  if (!options) return std::move(options).error();
  auto status = cluster_status(*options);
  if (!status) return std::move(status).error();
  auto job = job_called(*status, call.request.asked.job);
  return job ? Result<std::string>(described_job(*job)) : std::move(job).error();
}

// Of the service's, those that have ended too.
Result<std::string> service_job(const VerbCall& call) {
  auto client = ServiceClient::of(call.request.asked_service);
  if (!client) return std::move(client).error();
  auto number = client->number_of(call.request.asked.job);
  return number ? client->job(*number) : Result<std::string>(std::move(number).error());
}

int describe(const VerbCall& call) {
  auto shown = [&]() -> Result<std::string> {
    if (call.request.asked_service.at) return service_job(call);
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
  add_service(command, parsed, "those of the service there");
}

void add_describe(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_jobs(command, parsed);
}

}  // namespace

extern const Verb kJobsVerb, kDescribeVerb;
const Verb kJobsVerb{"", "jobs", "list what runs on this machine, on a cluster, or in a service", false, add_jobs, show_jobs};
const Verb kDescribeVerb{"", "describe", "show all that a job says of itself", false, add_describe, describe};

}  // namespace leat
