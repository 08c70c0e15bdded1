// cancel, drain: the end of a job, at once or well.
#include <leat/app/asking.hpp>
#include <leat/app/cluster_run.hpp>
#include <leat/app/live_run.hpp>
#include <leat/app/service_job.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// Of a process that was told to end, over what it takes itself; and until one that was killed is gone.
constexpr std::chrono::milliseconds kMore{2'000};

std::string said(const VerbCall& call, inspect::JobNumber number, const std::string& state) {
  Json json = {{"type", "end"}, {"version", inspect::kVersion}, {"number", number}, {"state", state}};
  return call.request.json ? json_text(json) + "\n" : "job " + std::to_string(number) + ": " + state + "\n";
}

// A process that does not even answer, or has not ended itself, is killed; but not in the middle of its commit.
Result<std::string> ended(inspect::InspectClient& client) {
  if (client.gone_within(LiveRun::kGrace + kMore)) return std::string("cancelled");
  auto job = described(client);
  if (job && Json::parse(*job).value("state", "") == "committing") {
    return failed("job " + std::to_string(client.number()) + " had done its work before it was cancelled, and commits: it ends by itself");
  }
  client.kill();
  if (client.gone_within(kMore)) return std::string("killed");
  return failed("job " + std::to_string(client.number()) + ", process " + std::to_string(client.pid()) +
                ", was killed and is still there: the system holds it, as it does when a disk does not answer");
}

// Neither a node nor a job is called so, or several jobs are.
Error no_such(const ClusterStatus& status, const std::string& what, const Error& no_job) {
  for (const JobStatus& job : status.jobs) {
    if (job.graph == what) return no_job;
  }
  std::vector<std::string> names;
  std::string all;
  for (const MemberStatus& member : status.members) names.push_back(member.node.name);
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + one_line(name);
  return invalid("there is no node " + one_line(what) + did_you_mean(names, what) + ": there are " + (all.empty() ? "none" : all) +
                 "; nor is there a job of that number or graph");
}

// Of the coordinator's jobs the one that was said, by number.
int cancel_on_cluster(const VerbCall& call) {
  auto options = submit_options(call.identity(), call.request);
  if (!options) return call.console.error(options.error(), false);
  auto number = number_in(call.request.asked.job);
  if (!number) return call.console.error(invalid("job " + one_line(call.request.asked.job) + ": say the number that jobs shows"), false);
  auto ended = cancel_job(*options, *number, LiveRun::kGrace);
  if (!ended) return call.console.error(ended.error(), true);
  return call.console.text(said(call, *number, "cancelled"), "how it ended");
}

int ended_on_service(const VerbCall& call, const Result<ServiceEnd>& end) {
  if (!end) return call.console.error(end.error(), true);
  return call.console.text(said(call, end->number, end->state), "how it ended");
}

int cancel(const VerbCall& call) {
  if (call.request.asked_service.at) return ended_on_service(call, cancel_on_service(call));
  if (call.request.access.cluster) return cancel_on_cluster(call);
  auto client = asked_job(call.request);
  if (!client) return call.console.error(client.error(), true);
  auto asked = client->ask({"cancel"});
  // One that has ended meanwhile, and one that is stopped, end as all do.
  bool goes_on = asked || asked.error().kind == ErrorKind::disconnected || asked.error().kind == ErrorKind::overloaded;
  if (!goes_on) return call.console.error(asked.error(), true);
  auto how = ended(*client);
  if (!how) return call.console.error(how.error(), true);
  return call.console.text(said(call, client->number(), *how), "how it ended");
}

// A node by name; else a job, by number or graph.
int drain_on_cluster(const VerbCall& call) {
  auto options = submit_options(call.identity(), call.request);
  if (!options) return call.console.error(options.error(), false);
  const std::string& what = call.request.asked.job;
  auto status = cluster_status(*options);
  if (!status) return call.console.error(status.error(), false);
  for (const MemberStatus& member : status->members) {
    if (member.node.name != what) continue;
    auto drained = drain_node(*options, what);
    return drained ? kDone : call.console.error(drained.error(), false);
  }
  auto job = job_called(*status, what);
  if (!job) return call.console.error(no_such(*status, what, job.error()), false);
  auto drained = drain_job(*options, job->id);
  if (!drained) return call.console.error(drained.error(), true);
  return call.console.text(said(call, job->id, "draining"), "that it drains");
}

int drain(const VerbCall& call) {
  if (call.request.asked_service.at) return ended_on_service(call, drain_on_service(call));
  if (call.request.access.cluster) return drain_on_cluster(call);
  auto client = asked_job(call.request);
  if (!client) return call.console.error(client.error(), true);
  auto asked = client->ask({"drain"});
  if (!asked) return call.console.error(asked.error(), true);
  return call.console.text(said(call, client->number(), "draining"), "that it drains");
}

void add_cancel(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_json(command, parsed);
  add_cluster(command, parsed, "a job of the coordinator there, by number");
  add_service(command, parsed, "a job of the service there");
}

void add_drain(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("what", parsed.request.asked.job, "the job, by number or graph; with --cluster also a node, by name")
      ->required()
      ->type_name("");
  add_json(command, parsed);
  add_cluster(command, parsed, "a job, or a node, of the coordinator there");
  add_service(command, parsed, "a job of the service there");
}

}  // namespace

extern const Verb kCancelVerb, kDrainVerb;
const Verb kCancelVerb{"", "cancel", "end a job, and commit nothing", false, add_cancel, cancel};
const Verb kDrainVerb{"", "drain", "let a job, or a node, take nothing new and finish what it has", false, add_drain, drain};

}  // namespace leat
