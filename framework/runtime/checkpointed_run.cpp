#include <leat/runtime/checkpointed_run.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/fingerprint.hpp>
#include <leat/runtime/running.hpp>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <utility>
#include <vector>

namespace leat {
namespace {

using Unfinished = CheckpointStore::Unfinished;

// Kept until the job is built.
struct Restored {
  std::shared_ptr<Pool> pool = Pool::make();
  Cut cut;
};

class CheckpointedRun {
 public:
  CheckpointedRun(Plan plan, RunOptions options, CheckpointStore store)
      : graph_(plan.checked.graph), first_(std::move(plan)), options_(std::move(options)), store_(std::move(store)), restarts_(options_.checkpoints.restarts) {}

  Result<Report> run() {
    if (auto ok = begin(); !ok) return std::move(ok).error();
    while (true) {
      auto report = epoch();
      if (report) return finished(std::move(*report));
      if (!goes_on(report.error())) return can_go_on(report.error());
    }
  }

 private:
  // What is to become of a job that the store has.
  Result<void> begin() {
    const CheckpointOptions& said = options_.checkpoints;
    auto found = store_.unfinished();
    std::string where = " in " + store_.folder().string();
    if (found && said.afresh) {
      if (auto gone = give_up(*found); !gone) return gone;
      found.reset();
    } else if (found && !said.restore) {
      return invalid("there is a job of graph " + found->began.graph + where + " that has not ended" + latest_text(*found) +
                     ": restore it, or begin afresh");
    } else if (!found && said.restore) {
      return invalid("there is no job to restore" + where + ": begin one");
    }
    began_ = {new_job_name(), 0, graph_.name(), canonical_lines(graph_), first_->layout.threads};
    if (!found) return {};
    if (auto same = same_graph(found->began); !same) return same;
    began_.job = found->began.job;
    began_.epoch = found->began.epoch;
    if (began_.threads != found->began.threads) first_.reset();
    began_.threads = found->began.threads;
    n_ = said.n;
    restored_ = true;
    return {};
  }

  static std::string latest_text(const Unfinished& job) {
    return job.manifests.empty() ? ", without checkpoints" : ", checkpoint " + std::to_string(job.manifests.back().n);
  }

  Result<void> same_graph(const journal::Began& began) const {
    std::string difference = first_difference(began_.lines, began.lines, "it now", "the checkpoint");
    if (difference.empty() || options_.checkpoints.changes) return {};
    return invalid("graph " + began.graph + " has changed since its checkpoint: " + difference + ": accept its changes, or begin afresh");
  }

  // What it has sealed is thrown away by who can: a graph that is another leaves it.
  Result<void> give_up(const Unfinished& job) {
    Share share;
    share.job = job.began.job;
    Job maker(*first_, share);
    for (const Sealed& sealed : job.uncommitted) [[maybe_unused]] auto gone = maker.abort(sealed);
    for (const Rounds& rounds : {kept_rounds(job), stale_rounds(job)}) forget_rounds(maker, rounds, {});
    return store_.end();
  }

  using Rounds = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

  static Rounds kept_rounds(const Unfinished& job) {
    Rounds rounds;
    for (const Manifest& manifest : job.manifests) rounds.emplace_back(manifest.epoch, manifest.n);
    return rounds;
  }

  // Cuts between two that are published: some of one may be sealed when it is given up, or the job has ended before it was
  // whole.
  static void add_unpublished(const Unfinished& job, Rounds& rounds) {
    std::vector<Manifest> all = job.past;
    all.insert(all.end(), job.manifests.begin(), job.manifests.end());
    Manifest before = job.past.empty() || all.empty() ? Manifest{} : all.front();
    for (const Manifest& manifest : all) {
      std::uint64_t first = std::max(before.n + 1, manifest.n - std::min(manifest.n, kMostBetween));
      for (std::uint32_t epoch = before.epoch; epoch <= manifest.epoch; ++epoch) {
        for (std::uint64_t n = first; n < manifest.n; ++n) rounds.emplace_back(epoch, n);
      }
      before = manifest;
    }
  }

  // What may have been sealed since, and is not published.
  static Rounds stale_rounds(const Unfinished& job) {
    Rounds rounds;
    // One that was killed when it had published has not thrown away what was sealed for the oldest.
    for (const Manifest& manifest : job.past) rounds.emplace_back(manifest.epoch, manifest.n);
    add_unpublished(job, rounds);
    std::uint64_t last = job.manifests.empty() ? 0 : job.manifests.back().n;
    // An epoch that was killed as it began has not thrown away what those before it had sealed.
    std::uint32_t epoch = job.manifests.empty() ? 0 : job.manifests.back().epoch;
    for (; epoch <= job.began.epoch; ++epoch) {
      for (std::uint64_t n = last + 1; n <= last + Checkpoints::kMostFailures + 1; ++n) rounds.emplace_back(epoch, n);
    }
    return rounds;
  }

  Result<Report> epoch() {
    auto job = store_.unfinished();
    auto from = job ? chosen(*job) : Result<std::optional<Manifest>>(std::optional<Manifest>());
    if (!from) return std::move(from).error();
    auto planned = next_plan();
    if (!planned) return std::move(planned).error();
    if (job) ++began_.epoch;
    Share share;
    share.job = began_.job;
    share.epoch = began_.epoch;
    Checkpoints::Setup setup;
    setup.store = &store_;
    setup.epoch = began_.epoch;
    setup.every = options_.checkpoints.every;
    if (job) {
      setup.rounds = kept_rounds(*job);
      setup.stale = stale_rounds(*job);
      setup.next = job->manifests.empty() ? 1 : job->manifests.back().n + 1;
      setup.pending = job->uncommitted;
    }
    if (*from && (*from)->last) return commit_only(std::move(*planned), std::move(share), setup);
    if (*from) {
      auto restored = std::make_shared<Restored>();
      auto cut = store_.read(**from, *restored->pool);
      if (!cut) return std::move(cut).error();
      restored->cut = std::move(*cut);
      share.restored = std::shared_ptr<const Cut>(restored, &restored->cut);
    }
    if (auto begun = store_.begin(began_); !begun) return std::move(begun).error();
    return guarded([&]() -> Result<Report> {
      Running running(std::move(*planned), options_, std::move(share), std::move(setup));
      auto report = running.run();
      if (running.published() > 0) same_ = 0;
      return report;
    });
  }

  // All has ended and is sealed: it is only made visible.
  Result<Report> commit_only(Plan plan, Share share, const Checkpoints::Setup& setup) {
    Report report;
    report.bound = plan.bound;
    Job job(std::move(plan), std::move(share));
    for (const Sealed& sealed : setup.pending) {
      if (auto done = job.commit(sealed); !done) return std::move(done).error();
    }
    for (const Rounds& rounds : {setup.rounds, setup.stale}) forget_rounds(job, rounds, setup.pending);
    if (auto ended = store_.end(); !ended) return std::move(ended).error();
    report.warnings.emplace_back("all of it had been done before: what was left was to make its output visible");
    return report;
  }

  Result<std::optional<Manifest>> chosen(const Unfinished& job) const {
    if (!n_) return job.manifests.empty() ? std::optional<Manifest>() : std::optional(job.manifests.back());
    for (const Manifest& manifest : job.manifests) {
      if (manifest.n == *n_) return std::optional(manifest);
    }
    return invalid("there is no checkpoint " + std::to_string(*n_) + " in " + store_.folder().string() + latest_text(job));
  }

  Result<Plan> next_plan() {
    if (first_) {
      Plan plan = std::move(*first_);
      first_.reset();
      return plan;
    }
    auto planned = plan(graph_, began_.threads);
    if (planned) add_snapshots(planned->checked, planned->layout, planned->bound);
    return planned;
  }

  // Whether the job is to begin anew: waits for its time. What is wrong with its input would be wrong again.
  bool goes_on(const Error& error) {
    bool hopeless = !error.thrown && error.kind != ErrorKind::failed;
    same_ = error.sentence == last_ ? same_ + 1 : 1;
    last_ = error.sentence;
    if (hopeless || same_ >= kAttempts || !store_.unfinished() || options_.stop.stop_requested()) return false;
    auto delay = restarts_.after_failure(std::chrono::steady_clock::now(), std::random_device()());
    if (!delay) return false;
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, options_.stop, *delay, [] { return false; });
    if (options_.stop.stop_requested()) return false;
    auto job = store_.unfinished();
    n_.reset();
    ++begun_anew_;
    why_ = error.sentence;
    std::uint64_t n = job->manifests.empty() ? 0 : job->manifests.back().n;
    if (options_.checkpoints.on_restart) {
      [[maybe_unused]] auto told = guarded([&] { options_.checkpoints.on_restart(error, n); });
    }
    return true;
  }

  Error can_go_on(const Error& error) const {
    auto job = store_.unfinished();
    if (!job || job->manifests.empty()) return error;
    return error.and_then("; it can go on from checkpoint " + std::to_string(job->manifests.back().n) + " in " + store_.folder().string());
  }

  Report finished(Report report) {
    if (begun_anew_ > 0) {
      report.warnings.push_back("it began anew " + std::to_string(begun_anew_) + (begun_anew_ == 1 ? " time" : " times") +
                                " from its latest checkpoint; the last time as " + why_);
    }
    if (begun_anew_ > 0 || restored_) {
      for (const Stage& stage : graph_.stages()) {
        if (stage.kind.visible_early) report.warnings.push_back("stage " + stage.name + " shows what it has at once: some of it may have come twice");
      }
    }
    if (report.ending == Ending::complete) return report;
    auto job = store_.unfinished();
    if (job && !job->manifests.empty()) report.checkpoint = job->manifests.back().n;
    return report;
  }

  static constexpr std::uint64_t kMostBetween = 2 * (Checkpoints::kMostFailures + 1);
  // At one and the same failure, without a checkpoint between.
  static constexpr std::size_t kAttempts = 3;

  Graph graph_;
  std::optional<Plan> first_;
  RunOptions options_;
  CheckpointStore store_;
  Restarts restarts_;
  journal::Began began_;
  std::optional<std::uint64_t> n_;
  bool restored_ = false;
  std::size_t begun_anew_ = 0, same_ = 0;
  std::string last_, why_;
};

}  // namespace

Result<Report> checkpointed_run(Plan plan, RunOptions options) {
  auto store = CheckpointStore::open(options.checkpoints.folder);
  if (!store) return std::move(store).error();
  return CheckpointedRun(std::move(plan), std::move(options), std::move(*store)).run();
}

}  // namespace leat
