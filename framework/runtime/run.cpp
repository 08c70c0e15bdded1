#include <leat/runtime/run.hpp>

#include <leat/runtime/job_scaling.hpp>
#include <leat/runtime/machine.hpp>

namespace leat {

Result<Plan> plan(const Graph& graph, std::size_t threads) {
  auto checked = graph.check();
  if (!checked) return std::move(checked).error();
  auto layout = lay_out(*checked, threads ? threads : cpu_budget());
  if (!layout) return std::move(layout).error();
  Bound bound = memory_bound(*checked, *layout, peak_memory());
  return Plan{std::move(checked).value(), std::move(layout).value(), std::move(bound)};
}

Result<Plan> plan(const Graph& graph, const std::vector<NodeSpec>& nodes) {
  auto checked = graph.check();
  if (!checked) return std::move(checked).error();
  auto layout = lay_out(*checked, nodes);
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

Result<Report> run(Plan planned, RunOptions options) {
  if (options.memory > 0) {
    if (auto ok = fits(planned.bound, options.memory); !ok) return std::move(ok).error();
  }
  std::size_t threads = planned.layout.threads;
  Job job(std::move(planned));
  auto crew = caf_crew(threads, options.scheduling);
  if (auto built = job.build(*crew); !built) {
    crew.reset();
    return std::move(built).error();
  }
  std::stop_callback interrupt(options.stop, [&] { job.state().interrupt(); });
  job.start();
  JobScaling scaling(job);
  while (!job.state().finished_within(static_cast<int>(options.progress_every.count()))) {
    scaling.look();
    if (options.on_progress) options.on_progress(job.progress());
  }
  if (options.on_progress) options.on_progress(job.progress());
  crew.reset();
  if (auto failure = job.state().failure()) return *failure;
  Report report;
  report.ending = job.state().interrupted() ? Ending::interrupted : Ending::complete;
  if (report.ending == Ending::complete) {
    if (auto ok = job.commit(); !ok) return std::move(ok).error();
  }
  report.progress = job.progress();
  report.results = job.state().reports();
  report.bound = job.plan().bound;
  report.peak_memory = peak_memory();
  return report;
}

}  // namespace leat
