// plan: a graph as it would run, and its memory bound.
#include <leat/app/verbs.hpp>
#include <leat/graph/built_graph.hpp>
#include <leat/graph/node_list.hpp>
#include <leat/graph/render.hpp>
#include <leat/runtime/machine.hpp>
#include <leat/runtime/run.hpp>

namespace leat {
namespace {

void add_plan(CLI::App& command, ParsedCommand& parsed) {
  Request& request = parsed.request;
  auto* threads =
      command.add_option("--threads", request.threads, "threads to plan for (those this process may use)")
          ->type_name("integer")
          ->check(whole_number(1, kMostThreads));
  command.add_option("--nodes", request.nodes, "nodes to place it on: 3, or a:cpus=4,memory=8GiB,labels=gpu;b")
      ->type_name("nodes")
      ->excludes(threads);
  command.add_option("--format", request.format, "how to print it (text)")
      ->type_name("text|dot|json")
      ->check(one_of({"text", "dot", "json"}));
}

// A plan for this process, or for the nodes that --nodes names.
Result<Plan> planned(const Program& program, const Request& request) {
  auto graph = built_graph(program, request.args);
  if (!graph) return std::move(graph).error();
  if (!request.nodes) return plan(*graph, request.threads);
  auto nodes = parse_nodes(*request.nodes, cpu_budget());
  if (!nodes) return invalid("--nodes " + (request.nodes->empty() ? "\"\"" : *request.nodes) + ": " + nodes.error().sentence);
  return plan(*graph, *nodes);
}

int show_plan(const VerbCall& call) {
  const Request& request = call.request;
  auto made = planned(call.program(), request);
  if (!made) return call.console.error(made.error(), false);
  const Plan& shown = *made;
  std::string text = request.format == "dot"    ? plan_dot(shown.checked, shown.layout, shown.placement)
                     : request.format == "json" ? plan_json(shown.checked, shown.layout, shown.bound, shown.placement)
                                                : plan_text(shown.checked, shown.layout, shown.bound, shown.placement);
  return call.console.text(text, "the plan");
}

}  // namespace

extern const Verb kPlanVerb;
const Verb kPlanVerb{"", "plan", "show a graph and its memory bound", true, add_plan, show_plan};

}  // namespace leat
