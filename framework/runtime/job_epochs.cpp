#include <leat/runtime/job_epochs.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/fingerprint.hpp>

#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>
#include <vector>

namespace leat {
namespace {

using Unfinished = CheckpointStore::Unfinished;

std::string latest_text(const Unfinished& job) {
  return job.manifests.empty() ? ", without checkpoints" : ", checkpoint " + std::to_string(job.manifests.back().n);
}

class Epochs {
 public:
  Epochs(JobEpochs job, CheckpointStore store)
      : job_(std::move(job)), graph_(*job_.graph), store_(std::move(store)), restarts_(job_.checkpoints.restarts) {}

  Result<Report> run() {
    if (auto ok = begin(); !ok) return std::move(ok).error();
    while (true) {
      std::size_t before = latest();
      auto report = epoch();
      if (report) return finished(std::move(*report));
      if (latest() > before) same_ = 0;
      if (!goes_on(report.error())) return can_go_on(report.error());
    }
  }

 private:
  // What is to become of a job that the store has.
  Result<void> begin() {
    const CheckpointOptions& said = job_.checkpoints;
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
    began_ = {new_job_name(), 0, graph_.name(), canonical_lines(graph_), job_.threads};
    if (!found) return {};
    if (auto same = same_graph(found->began); !same) return same;
    began_.job = found->began.job;
    began_.threads = found->began.threads;
    n_ = said.n;
    restored_ = true;
    return {};
  }

  Result<void> same_graph(const journal::Began& began) const {
    bool cluster = began.threads == 0;
    if (cluster != (job_.threads == 0)) {
      return invalid("the job in " + store_.folder().string() + (cluster ? " runs on a cluster: restore it there" : " runs in one process: restore it without a cluster") +
                     ", or begin afresh");
    }
    std::string difference = first_difference(began_.lines, began.lines, "it now", "the checkpoint");
    if (difference.empty() || job_.checkpoints.changes) return {};
    return invalid("graph " + began.graph + " has changed since its checkpoint: " + difference + ": accept its changes, or begin afresh");
  }

  // What it has sealed is thrown away by who can: a graph that is another leaves it.
  Result<void> give_up(const Unfinished& job) {
    auto gone = guarded([&] { return job_.epoch(last_epoch(store_.folder().string(), job), job.began, store_); });
    return gone ? store_.end() : std::move(gone).error();
  }

  std::uint64_t latest() const {
    auto job = store_.unfinished();
    return job && !job->manifests.empty() ? job->manifests.back().n : 0;
  }

  Result<Report> epoch() {
    auto job = store_.unfinished();
    std::string folder = store_.folder().string();
    EpochStart start = first_epoch(folder, began_.job);
    if (job) {
      auto from = chosen(*job);
      if (!from) return std::move(from).error();
      start = epoch_start(folder, *job, *from);
    }
    began_.epoch = start.epoch;
    if (auto begun = store_.begin(began_); !begun) return std::move(begun).error();
    auto report = guarded([&] { return job_.epoch(start, began_, store_); });
    if (!report || report->ending != Ending::complete) return report;
    if (start.work == EpochWork::commit) {
      report->warnings.emplace_back("all of it had been done before: what was left was to make its output visible");
    }
    if (auto ended = store_.end(); !ended) return std::move(ended).error();
    return report;
  }

  Result<Manifest> chosen(const Unfinished& job) const {
    if (!n_) return job.manifests.empty() ? Manifest{} : job.manifests.back();
    for (const Manifest& manifest : job.manifests) {
      if (manifest.n == *n_) return manifest;
    }
    return invalid("there is no checkpoint " + std::to_string(*n_) + " in " + store_.folder().string() + latest_text(job));
  }

  // Whether the job is to begin anew: waits for its time. What is wrong with its input would be wrong again.
  bool goes_on(const Error& error) {
    bool lost = job_.threads == 0 && error.kind == ErrorKind::disconnected;
    bool hopeless = !error.thrown && error.kind != ErrorKind::failed && !lost;
    // Machines are lost for reasons of their own.
    same_ = lost ? 0 : error.sentence == last_ ? same_ + 1 : 1;
    last_ = error.sentence;
    if (hopeless || store_.taken_over() || same_ >= kAttempts || !store_.unfinished() || job_.stop.stop_requested()) return false;
    auto delay = restarts_.after_failure(std::chrono::steady_clock::now(), std::random_device()());
    if (!delay) return false;
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, job_.stop, *delay, [] { return false; });
    if (job_.stop.stop_requested()) return false;
    n_.reset();
    ++begun_anew_;
    why_ = error.sentence;
    if (job_.checkpoints.on_restart) {
      [[maybe_unused]] auto told = guarded([&] { job_.checkpoints.on_restart(error, latest()); });
    }
    return true;
  }

  Error can_go_on(const Error& error) const {
    auto n = latest();
    if (n == 0) return error;
    return error.and_then("; it can go on from checkpoint " + std::to_string(n) + " in " + store_.folder().string());
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
    if (report.ending != Ending::complete) report.checkpoint = latest();
    return report;
  }

  // At one and the same failure, without a checkpoint between.
  static constexpr std::size_t kAttempts = 3;

  JobEpochs job_;
  const Graph& graph_;
  CheckpointStore store_;
  Restarts restarts_;
  journal::Began began_;
  std::optional<std::uint64_t> n_;
  bool restored_ = false;
  std::size_t begun_anew_ = 0, same_ = 0;
  std::string last_, why_;
};

}  // namespace

Result<Report> run_epochs(JobEpochs job) {
  auto store = CheckpointStore::open(job.checkpoints.folder);
  if (!store) return std::move(store).error();
  return Epochs(std::move(job), std::move(*store)).run();
}

}  // namespace leat
