#include <leat/runtime/running.hpp>

#include <leat/actor/guard.hpp>
#include <leat/runtime/blocked.hpp>
#include <leat/runtime/job_scaling.hpp>
#include <leat/runtime/machine.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace leat {
namespace {

// At memory, at the load of pools and at checkpoints, however seldom anybody wants to see progress.
constexpr std::chrono::milliseconds kLook{100};
// How long one who stops a run waits for its last checkpoint.
constexpr std::chrono::seconds kLastCheckpoint{10};

// A thread more than there are cells would only look for work. Cells that block have threads of their own.
std::size_t threads_of_use(const Layout& layout) {
  std::size_t cells = 0;
  for (const CellPlan& cell : layout.cells) cells += cell.blocking ? 0 : cell.replicas;
  return std::clamp<std::size_t>(cells, 1, layout.threads);
}

Share with_cuts(Share share, JobCuts* cuts) {
  share.cuts = cuts;
  return share;
}

Error after_the_end(const Report& report, const Error& error) {
  return error.and_then(report.ending == Ending::complete ? "; all stages had committed before"
                                                          : "; the run was interrupted, and nothing is committed");
}

}  // namespace

Running::Running(Plan plan, const RunOptions& options, Share share, std::optional<Checkpoints::Setup> checkpoints, PublishLast publish_last)
    : options_(options),
      cuts_(checkpoints ? std::make_unique<JobCuts>() : nullptr),
      setup_(std::move(checkpoints)),
      publish_last_(std::move(publish_last)),
      job_(std::move(plan), with_cuts(std::move(share), cuts_.get())) {}

Running::~Running() { end(failed("dropped")); }

Result<Report> Running::run() {
  if (auto ok = make_crew(); !ok) return std::move(ok).error();
  auto ran = guarded([&] { return work(); });
  end(ran ? failed("dropped") : ran.error());
  if (!ran) return std::move(ran).error();
  auto report = ended();
  auto gone = job_.let_go();
  if (report && !gone) return after_the_end(*report, gone.error());
  return report;
}

Result<void> Running::make_crew() {
  std::size_t threads = threads_of_use(job_.plan().layout);
  try {
    crew_ = caf_crew(threads, options_.scheduling);
  } catch (const std::system_error& error) {
    return no_threads(threads, error);
  }
  return {};
}

Result<void> Running::begin_checkpoints() {
  if (!setup_) return {};
  setup_->job = &job_;
  setup_->cuts = cuts_.get();
  checkpoints_ = std::make_unique<Checkpoints>(*std::move(setup_));
  return checkpoints_->begin();
}

Result<void> Running::work() {
  if (auto built = job_.build(*crew_); !built) return built;
  if (auto begun = begin_checkpoints(); !begun) return begun;
  std::stop_callback interrupt(options_.stop, [&] {
    if (!checkpoints_) job_.state().interrupt();
  });
  if (options_.on_job) options_.on_job(&job_);
  shown_ = bool(options_.on_job);
  job_.start();
  watch();
  if (checkpoints_) checkpoints_->stop();
  tell();
  if (auto failure = job_.state().failure()) return *failure;
  return {};
}

void Running::watch() {
  std::optional<JobScaling> scaling;
  // A cut has to find the pools as it was ordered.
  if (!checkpoints_) scaling.emplace(job_);
  auto told = Clock::now();
  while (!job_.state().finished_within(static_cast<int>(std::min(kLook, progress_every()).count()))) {
    memory_.look();
    if (scaling) scaling->look();
    if (checkpoints_) look_at_checkpoints();
    look_stuck();
    if (Clock::now() - told < progress_every()) continue;
    told = Clock::now();
    tell();
  }
}

// Who stops it can go on from there.
void Running::look_at_checkpoints() {
  if (!options_.stop.stop_requested()) return checkpoints_->look();
  if (!stopping_) stopping_ = Clock::now();
  bool taken = checkpoints_->taken_now();
  if (taken || Clock::now() - *stopping_ > kLastCheckpoint) job_.state().interrupt();
}

std::chrono::milliseconds Running::progress_every() const {
  constexpr std::chrono::milliseconds kLeast{1};
  constexpr std::chrono::milliseconds kMost{60'000};
  return std::clamp(options_.progress_every, kLeast, kMost);
}

// Each second at most: it is about thirty of them.
void Running::look_stuck() {
  if (!options_.on_stuck || Clock::now() - looked_ < std::chrono::seconds(1)) return;
  looked_ = Clock::now();
  auto found = stuck_.look(job_.snapshot());
  if (!found) return;
  auto told = guarded([&] { options_.on_stuck(*found); });
  if (!told) job_.state().fail(told.error().in("on_stuck"));
}

// Looks at the sources' extents too: what they throw fails the job before anything is committed.
void Running::tell() {
  Progress progress = job_.progress();
  if (!options_.on_progress || job_.state().failed()) return;
  auto told = guarded([&] { options_.on_progress(progress); });
  if (!told) job_.state().fail(told.error().in("on_progress"));
}

// Cells that are still there leave.
void Running::end(Error why) {
  if (!crew_) return;
  if (std::exchange(shown_, false)) {
    [[maybe_unused]] auto hidden = guarded([&] { options_.on_job(nullptr); });
  }
  if (!job_.state().finished_within(0)) job_.state().fail(std::move(why));
  if (checkpoints_) checkpoints_->stop();
  crew_.reset();
}

Result<void> Running::seal_and_commit() {
  if (checkpoints_) {
    if (auto sealed = checkpoints_->seal(); !sealed) return sealed;
    if (auto published = publish_last_(checkpoints_->last(), checkpoints_->pending()); !published) return published;
    return checkpoints_->commit_all();
  }
  auto sealed = job_.seal();
  return sealed ? job_.commit() : sealed;
}

Result<Report> Running::ended() {
  Report report;
  report.ending = job_.state().interrupted() ? Ending::interrupted : Ending::complete;
  if (auto over = memory_.over(job_.plan().bound, job_.touched_most())) {
    if (options_.memory > 0 && report.ending == Ending::complete) return overloaded(*over + "; nothing is committed");
    report.warnings.push_back(std::move(*over));
  }
  if (report.ending == Ending::complete) {
    if (auto ok = seal_and_commit(); !ok) return std::move(ok).error();
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

}  // namespace leat
