#include <leat/runtime/run.hpp>

#include <leat/actor/guard.hpp>
#include <leat/diagnosis/stuck_watch.hpp>
#include <leat/runtime/blocked.hpp>
#include <leat/runtime/job_scaling.hpp>
#include <leat/runtime/machine.hpp>
#include <leat/runtime/memory_watch.hpp>

#include <algorithm>
#include <cstdio>
#include <random>
#include <system_error>
#include <utility>

namespace leat {
namespace {

// A thread more than there are cells would only look for work. Cells that block have threads of their own.
std::size_t threads_of_use(const Layout& layout) {
  std::size_t cells = 0;
  for (const CellPlan& cell : layout.cells) cells += cell.blocking ? 0 : cell.replicas;
  return std::clamp<std::size_t>(cells, 1, layout.threads);
}

}  // namespace

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

namespace {

// No two runs have the same, in whatever process.
std::string new_job_name() {
  std::random_device random;
  char text[20];
  std::snprintf(text, sizeof text, "%08x%08x", random(), random());
  return text;
}

// A job and what runs it: whatever happens, its cells leave before it goes.
class Running {
 public:
  Running(Plan plan, RunOptions options)
      : options_(std::move(options)),
        share_(share_of(plan.checked.graph, options_)),
        job_(std::move(plan), share_) {}
  ~Running() { end(failed("dropped")); }

  Result<Report> run() {
    if (auto ok = make_crew(); !ok) return std::move(ok).error();
    auto ran = guarded([&] { return work(); });
    end(ran ? failed("dropped") : ran.error());
    if (!ran) return std::move(ran).error();
    auto report = ended();
    auto gone = job_.let_go();
    if (report && !gone) return after_the_end(*report, gone.error());
    return report;
  }

 private:
  using Clock = std::chrono::steady_clock;
  // At memory and at the load of pools, however seldom anybody wants to see progress.
  static constexpr std::chrono::milliseconds kLook{100};

  static Share share_of(const Graph& graph, const RunOptions& options) {
    Share share;
    share.job = new_job_name();
    if (options.dead_letters) share.dead_letters = options.dead_letters(graph.name() + "-" + share.job);
    return share;
  }

  Result<void> make_crew() {
    std::size_t threads = threads_of_use(job_.plan().layout);
    try {
      crew_ = caf_crew(threads, options_.scheduling);
    } catch (const std::system_error& error) {
      return no_threads(threads, error);
    }
    return {};
  }

  Result<void> work() {
    if (auto built = job_.build(*crew_); !built) return built;
    std::stop_callback interrupt(options_.stop, [&] { job_.state().interrupt(); });
    if (options_.on_job) options_.on_job(&job_);
    shown_ = bool(options_.on_job);
    job_.start();
    JobScaling scaling(job_);
    auto told = Clock::now();
    while (!job_.state().finished_within(static_cast<int>(std::min(kLook, progress_every()).count()))) {
      memory_.look();
      scaling.look();
      look_stuck();
      if (Clock::now() - told < progress_every()) continue;
      told = Clock::now();
      tell();
    }
    tell();
    if (auto failure = job_.state().failure()) return *failure;
    return {};
  }

  std::chrono::milliseconds progress_every() const {
    constexpr std::chrono::milliseconds kLeast{1};
    constexpr std::chrono::milliseconds kMost{60'000};
    return std::clamp(options_.progress_every, kLeast, kMost);
  }

  // Each second at most: it is about thirty of them.
  void look_stuck() {
    if (!options_.on_stuck || Clock::now() - looked_ < std::chrono::seconds(1)) return;
    looked_ = Clock::now();
    auto found = stuck_.look(job_.snapshot());
    if (!found) return;
    auto told = guarded([&] { options_.on_stuck(*found); });
    if (!told) job_.state().fail(told.error().in("on_stuck"));
  }

  // Looks at the sources' extents too: what they throw fails the job before anything is committed.
  void tell() {
    Progress progress = job_.progress();
    if (!options_.on_progress || job_.state().failed()) return;
    auto told = guarded([&] { options_.on_progress(progress); });
    if (!told) job_.state().fail(told.error().in("on_progress"));
  }

  // Cells that are still there leave.
  void end(Error why) {
    if (!crew_) return;
    if (std::exchange(shown_, false)) {
      [[maybe_unused]] auto hidden = guarded([&] { options_.on_job(nullptr); });
    }
    if (!job_.state().finished_within(0)) job_.state().fail(std::move(why));
    crew_.reset();
  }

  Result<Report> ended() {
    Report report;
    report.ending = job_.state().interrupted() ? Ending::interrupted : Ending::complete;
    if (auto over = memory_.over(job_.plan().bound, job_.touched_most())) {
      if (options_.memory > 0 && report.ending == Ending::complete) return overloaded(*over + "; nothing is committed");
      report.warnings.push_back(std::move(*over));
    }
    if (report.ending == Ending::complete) {
      if (auto ok = job_.seal(); !ok) return std::move(ok).error();
      if (auto ok = job_.commit(); !ok) return std::move(ok).error();
      if (job_.state().drained()) report.warnings.emplace_back(kDrainedSentence);
    }
    report.progress = job_.progress();
    for (std::string& sentence : blocked_stages(report.progress)) report.warnings.push_back(std::move(sentence));
    report.results = job_.state().reports();
    report.bound = job_.plan().bound;
    report.peak_memory = peak_memory();
    report.peak_pool = job_.usage().peak;
    return report;
  }

  static Error after_the_end(const Report& report, const Error& error) {
    return error.and_then(report.ending == Ending::complete ? "; all stages had committed before"
                                                            : "; the run was interrupted, and nothing is committed");
  }

  MemoryWatch memory_;
  bool shown_ = false;  // on_job has the job
  StuckWatch stuck_;
  Clock::time_point looked_ = Clock::now();
  RunOptions options_;
  Share share_;
  Job job_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace

Result<Report> run(Plan planned, RunOptions options) {
  if (options.memory > 0) {
    if (auto ok = fits(planned.bound, options.memory); !ok) return std::move(ok).error();
  }
  for (const Stage& stage : planned.checked.graph.stages()) {
    if (stage.dead_letters == 0 || options.dead_letters) continue;
    return invalid("stage " + stage.name + " may put chunks aside and the run has nowhere to put them: set RunOptions::dead_letters");
  }
  return guarded([&] { return Running(std::move(planned), std::move(options)).run(); });
}

}  // namespace leat
