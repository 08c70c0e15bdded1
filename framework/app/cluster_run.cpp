#include <leat/app/cluster_run.hpp>

#include <leat/app/checkpoint_options.hpp>
#include <leat/app/inspected_member.hpp>
#include <leat/app/live_run.hpp>
#include <leat/app/logging.hpp>
#include <leat/app/otlp_told.hpp>
#include <leat/app/run_nodes.hpp>
#include <leat/app/serve.hpp>
#include <leat/app/show.hpp>
#include <leat/app/show_status.hpp>
#include <leat/app/signals.hpp>

namespace leat {

Result<SubmitOptions> submit_options(const ProgramIdentity& identity, const Request& request) {
  auto credentials = credentials_of(request.access);
  if (!credentials) return std::move(credentials).error();
  SubmitOptions options;
  options.credentials = std::move(credentials).value();
  if (request.access.cluster) options.coordinator = *request.access.cluster;
  options.identity = identity;
  options.log = standard_log();
  options.memory = request.memory;
  if (request.wait_for > 0) options.nodes = request.wait_for;
  return options;
}

namespace {

// With --listen this process is the coordinator too, for as long as the run takes.
Result<std::unique_ptr<Coordinator>> own_coordinator(const ProgramIdentity& identity, const Request& request,
                                                     SubmitOptions& options) {
  if (!request.access.listen) return std::unique_ptr<Coordinator>();
  auto logs = std::make_shared<LogLines>();
  Coordinator::Options own{*request.access.listen, options.credentials, identity, kept(standard_log(), logs)};
  own.answer = logs_of_coordinator(logs);
  auto opened = Coordinator::open(std::move(own));
  if (!opened) return opened;
  options.coordinator = (*opened)->endpoint();
  print(stderr, "listening on " + to_string(options.coordinator) + "\n");
  return opened;
}

}  // namespace

int cluster_run_command(const VerbCall& call) {
  const Request& request = call.request;
  const Console& console = call.console;
  ProgramIdentity identity = call.identity();
  Signals signals;
  auto options = submit_options(identity, request);
  if (!options) return console.error(options.error(), false);
  auto coordinator = own_coordinator(identity, request, *options);
  if (!coordinator) return console.error(coordinator.error(), false);
  bool started = false;
  LiveRun live(call, signals.stop());
  auto otlp = told_by_otlp(call, live);
  auto asked = *options;
  asked.log = Log();
  auto nodes = std::make_shared<RunNodes>(std::move(asked), call.program().name, live.log(request.quiet ? Log() : options->log));
  live.on(nodes);
  options->on_number = [nodes](std::uint64_t job) { nodes->at(job); };
  options->stop = live.stop();
  options->on_progress = [&](const Progress& progress) {
    started = true;
    live.progress(progress);
    console.progress(progress);
  };
  options->on_wait = [&](const std::string& what) {
    live.waits(what);
    console.waits(what);
  };
  options->checkpoints = request.checkpoints;
  options->checkpoints.on_checkpoint = [&live](const CheckpointTaken& checkpoint) { live.taken(checkpoint); };
  options->checkpoints.on_restart = [&](const Error& why, std::uint64_t n) {
    live.restarts(why, n);
    console.restarts(why, n);
  };
  auto report = run_on_cluster(request.program, request.args, std::move(options).value());
  live.on(nullptr);
  nodes->end(!report);
  live.ended(report);
  say_where_it_goes_on(request, report);
  console.drawn(curves_json(live.curves()));
  if (!report) return console.error(report.error(), started);
  return console.report(*report);
}

namespace {

void add_status(CLI::App& command, ParsedCommand& parsed) {
  add_endpoint(command, parsed, "cluster", "the coordinator REQUIRED");
  command.add_flag("--json", parsed.request.json, "one JSON object, for programs");
  add_credentials(command, parsed.request.access);
}

int show_status(const VerbCall& call) {
  const Request& request = call.request;
  const Console& console = call.console;
  auto options = submit_options(call.identity(), request);
  if (!options) return console.error(options.error(), false);
  auto status = cluster_status(*options);
  if (!status) return console.error(status.error(), false);
  return console.text(request.json ? status_json(*status) + "\n" : status_text(*status), "the status");
}

}  // namespace

extern const Verb kStatusVerb;
const Verb kStatusVerb{"", "status", "show a cluster's nodes and jobs", false, add_status, show_status, "cluster"};

}  // namespace leat
