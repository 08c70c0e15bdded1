// run: a graph in this process, or on a cluster; and what replays dead letters, here too.
#include <leat/app/run_verb.hpp>

#include <leat/actors/output/dead_letter_file.hpp>
#include <leat/app/checkpoint_options.hpp>
#include <leat/app/cluster_run.hpp>
#include <leat/app/live_run.hpp>
#include <leat/app/otlp_told.hpp>
#include <leat/app/show.hpp>
#include <leat/app/unless_stopped.hpp>
#include <leat/graph/built_graph.hpp>
#include <leat/graph/node_list.hpp>
#include <leat/runtime/run.hpp>

namespace leat {
namespace {

RunOptions options_of(const Request& request, LiveRun& live, const Console& console) {
  RunOptions options;
  options.threads = request.threads;
  options.memory = request.memory;
  options.scheduling = request.scheduling == "sharing" ? Scheduling::sharing : Scheduling::stealing;
  options.stop = live.stop();
  options.dead_letters = dead_letter_folder(request.dead_letters);
  options.checkpoints = request.checkpoints;
  options.checkpoints.on_checkpoint = [&live](const CheckpointTaken& checkpoint) { live.taken(checkpoint); };
  options.checkpoints.on_restart = [&console, &live](const Error& why, std::uint64_t n) {
    live.restarts(why, n);
    console.restarts(why, n);
  };
  options.on_progress = [&console, &live](const Progress& progress) {
    live.progress(progress);
    console.progress(progress);
  };
  options.on_job = [&live](Job* job) { live.at(job); };
  options.on_stuck = [&console, &live](const Why& why) {
    live.stuck(why);
    console.stuck(why);
  };
  return options;
}

int run(const VerbCall& call) {
  bool cluster = call.request.access.cluster || call.request.access.listen;
  if (cluster) return cluster_run_command(call);
  Signals signals;
  return run_graph([program = call.program(), args = call.request.args] { return built_graph(program, args); },
                   call, signals);
}

}  // namespace

void add_run(CLI::App& command, ParsedCommand& parsed) {
  Request& request = parsed.request;
  add_dead_letters(command, request);
  add_checkpoints(command, parsed);
  auto* threads = command.add_option("--threads", request.threads, "threads to use (those this process may use)")
                      ->type_name("integer")
                      ->check(whole_number(1, kMostThreads));
  add_memory(command, parsed, "refuse a graph that may need more than this");
  add_otlp(command, parsed);
  command.add_option("--scheduling", request.scheduling, "how cells share threads (stealing)")
      ->type_name("sharing|stealing")
      ->check(one_of({"sharing", "stealing"}));
  auto* json = command.add_flag("--json", request.json, "one JSON object a line, for programs");
  command.add_flag("--quiet", request.quiet, "say nothing but errors")->excludes(json);
  auto* cluster = add_endpoint(command, parsed, "cluster", "run on the nodes of the coordinator there");
  auto* listen = add_endpoint(command, parsed, "listen", "run on nodes that join here, as their coordinator");
  cluster->excludes(listen)->excludes(threads);
  listen->excludes(threads);
  command.add_option("--nodes", request.wait_for, "on a cluster: wait until this many have joined (1)")
      ->type_name("integer")
      ->check(whole_number(1, kMostNodes));
  command.add_option("--outcome", request.outcome, "file that tells, as JSON, how the run ended")->type_name("file");
  add_credentials(command, request.access);
}

int run_graph(std::function<Result<Graph>()> build, const VerbCall& call, const Signals& signals) {
  const Request& request = call.request;
  const Console& console = call.console;
  LiveRun live(call, signals.stop());
  auto otlp = told_by_otlp(call, live);
  auto waited = unless_stopped<Plan>(live.stop(), [build = std::move(build), threads = request.threads] {
    auto graph = build();
    return graph ? plan(*graph, threads) : Result<Plan>(std::move(graph).error());
  });
  if (!waited) return console.interrupted("while its files were looked at: nothing has run");
  Result<Plan>& planned = *waited;
  if (!planned) return console.error(planned.error(), false);
  if (request.memory > 0) {
    if (auto ok = fits(planned->bound, request.memory); !ok) return console.error(ok.error(), false);
  }
  auto report = run(std::move(planned).value(), options_of(request, live, console));
  live.ended(report);
  say_where_it_goes_on(request, report);
  console.drawn(curves_json(live.curves()));
  if (!report) return console.error(report.error(), true);
  return console.report(*report);
}

extern const Verb kRunVerb;
const Verb kRunVerb{"", "run", "run a graph", true, add_run, run};

}  // namespace leat
