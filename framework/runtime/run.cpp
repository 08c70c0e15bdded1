#include <leat/runtime/run.hpp>

#include <leat/actor/guard.hpp>
#include <leat/runtime/checkpointed_run.hpp>
#include <leat/runtime/machine.hpp>
#include <leat/runtime/running.hpp>

#include <cstdio>
#include <random>
#include <utility>

namespace leat {
Result<Plan> plan(const Graph& graph, std::size_t threads) {
  if (threads > kMostThreads) {
    return invalid("a run on " + std::to_string(threads) + " threads: ask for at most " +
                   std::to_string(kMostThreads));
  }
  auto checked = graph.check();
  if (!checked) return std::move(checked).error();
  auto layout = layout_of(*checked, threads ? threads : cpu_budget());
  if (!layout) return std::move(layout).error();
  Bound bound = memory_bound(*checked, *layout, peak_memory());
  return Plan{std::move(checked).value(), std::move(layout).value(), std::move(bound)};
}

Result<Plan> plan(const Graph& graph, const std::vector<NodeSpec>& nodes) {
  auto checked = graph.check();
  if (!checked) return std::move(checked).error();
  auto layout = layout_of(*checked, nodes);
  if (!layout) return std::move(layout).error();
  std::uint64_t base = peak_memory();
  auto placement = place(*checked, *layout, nodes, base);
  if (!placement) return std::move(placement).error();
  Bound bound = node_bound(*checked, *layout, *placement, 0, base);
  return Plan{std::move(checked).value(), std::move(layout).value(), std::move(bound),
              std::move(placement).value()};
}

Result<Report> run(const Graph& graph, RunOptions options) {
  auto planned = plan(graph, options.threads);
  if (!planned) return std::move(planned).error();
  return run(std::move(planned).value(), std::move(options));
}

std::string new_job_name() {
  std::random_device random;
  char text[20];
  std::snprintf(text, sizeof text, "%08x%08x", random(), random());
  return text;
}

Result<Report> run(Plan planned, RunOptions options) {
  if (!options.checkpoints.folder.empty()) add_snapshots(planned.checked, planned.layout, planned.bound);
  if (options.memory > 0) {
    if (auto ok = fits(planned.bound, options.memory); !ok) return std::move(ok).error();
  }
  for (const Stage& stage : planned.checked.graph.stages()) {
    if (stage.dead_letters == 0 || options.dead_letters) continue;
    return invalid("stage " + stage.name + " may put chunks aside and the run has nowhere to put them: set RunOptions::dead_letters");
  }
  if (!options.checkpoints.folder.empty()) return checkpointed_run(std::move(planned), std::move(options));
  Share share;
  share.job = new_job_name();
  if (options.dead_letters) share.dead_letters = options.dead_letters(planned.checked.graph.name() + "-" + share.job);
  return guarded([&] { return Running(std::move(planned), options, std::move(share)).run(); });
}

}  // namespace leat
