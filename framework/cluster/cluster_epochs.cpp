// A job with checkpoints on a cluster: its store is here, with who submits it, and each epoch is submitted anew.
#include <leat/actor/guard.hpp>
#include <leat/cluster/job_graph.hpp>
#include <leat/cluster/submitted.hpp>
#include <leat/graph/built_graph.hpp>
#include <leat/runtime/job_epochs.hpp>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <utility>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;

// Between two looks for a coordinator that is gone.
constexpr std::chrono::milliseconds kBetweenLooks{100};
// So long one that goes on waits for as many nodes as it had, when all of them have to come back.
constexpr std::chrono::milliseconds kPatience{3000};
// How long one who stops a job waits for its last checkpoint.
constexpr std::chrono::seconds kLastCut{10};

// The cuts of one epoch: orders each when it is time, and publishes it.
class EpochCuts {
 public:
  EpochCuts(const EpochStart& start, const CheckpointOptions& options, CheckpointStore& store, Caller& caller)
      : start_(start), options_(options), store_(store), caller_(caller), next_(start.next) {}

  void runs() {
    if (!due_) due_ = Clock::now() + options_.every;
  }

  // False: it is to stop, and its last checkpoint is under way.
  bool look(bool stops) {
    if (!due_) return true;
    if (!stops) {
      if (!under_way_ && Clock::now() >= *due_) order();
      return true;
    }
    if (!stopping_) stopping_ = Clock::now();
    if (!asked_ && !under_way_) {
      order();
      asked_ = under_way_;
    }
    return !under_way_ || Clock::now() - *stopping_ > kLastCut;
  }

  Result<void> taken(const control::CutTaken& said) {
    std::string refused = said.refused;
    Manifest manifest{start_.epoch, said.n, said.last, said.sealed, said.parts, said.laid_out};
    if (refused.empty()) {
      auto published = store_.publish(std::move(manifest));
      if (!published && store_.taken_over()) return published;
      if (!published) refused = published.error().sentence;
    }
    if (options_.on_checkpoint) {
      CheckpointTaken told{said.n, refused.empty() ? store_.latest_bytes() : 0, Clock::now() - ordered_, refused};
      [[maybe_unused]] auto heard = guarded([&] { options_.on_checkpoint(told); });
    }
    failures_ = refused.empty() ? 0 : failures_ + 1;
    if (failures_ >= CheckpointStore::kMostFailures) {
      // Another epoch would fare no better.
      return overloaded(std::to_string(failures_) + " checkpoints in a row have failed; the last: " + refused);
    }
    under_way_.reset();
    caller_.say(control::CutOver{0, said.n, refused});
    return {};
  }

 private:
  void order() {
    under_way_ = next_++;
    ordered_ = Clock::now();
    due_ = ordered_ + options_.every;
    caller_.say(control::TakeCut{0, *under_way_});
  }

  const EpochStart& start_;
  const CheckpointOptions& options_;
  CheckpointStore& store_;
  Caller& caller_;
  std::uint64_t next_;
  std::optional<Clock::time_point> due_, stopping_;
  Clock::time_point ordered_;
  std::optional<std::uint64_t> under_way_, asked_;
  std::size_t failures_ = 0;  // in a row
};

class ClusterEpochs {
 public:
  ClusterEpochs(control::Submit submit, const SubmitOptions& options, const Transport& transport)
      : submit_(std::move(submit)), options_(options), transport_(transport) {}

  /// The next epoch's connection. A coordinator that was never there is no reason to begin a job. None: it was stopped.
  std::optional<Result<void>> connect() {
    if (caller_) return Result<void>();
    auto caller = std::make_shared<Caller>(options_);
    auto open = found(caller);
    if (open && *open) caller_ = std::move(caller);
    return open;
  }

  static Report interrupted() {
    Report none;
    none.ending = Ending::interrupted;
    return none;
  }

  Result<Report> epoch(const EpochStart& start, CheckpointStore& store) {
    if (auto open = connect(); !open) return interrupted();
    else if (!*open) return std::move(*open).error();
    auto caller = std::exchange(caller_, nullptr);
    submit_.start = start;
    if (std::exchange(again_, true)) submit_.nodes_within = options_.recover_within;
    // What it is laid out for is done by whoever is there.
    if (start.from.n > 0) submit_.nodes = 1;
    submit_.patience = std::exchange(coordinator_lost_, false) ? kPatience : std::chrono::milliseconds(0);
    EpochCuts cuts(start, options_.checkpoints, store, *caller);
    SubmittedCuts calls;
    calls.runs = [&] { cuts.runs(); };
    calls.taken = [&](const control::CutTaken& said) { return cuts.taken(said); };
    calls.look = [&](bool stops) { return cuts.look(stops); };
    auto report = submitted(*caller, submit_, options_, calls);
    coordinator_lost_ = caller->lost();
    return report;
  }

 private:
  // One that was there is looked for until it is there again.
  std::optional<Result<void>> found(std::shared_ptr<Caller>& caller) {
    auto until = Clock::now() + (again_ ? options_.recover_within : std::chrono::milliseconds(0));
    while (true) {
      auto open = opened(caller, transport_, options_);
      bool gone = open && !*open && open->error().kind == ErrorKind::disconnected;
      if (!gone || Clock::now() >= until) return open;
      coordinator_lost_ = true;
      std::mutex mutex;
      std::condition_variable_any stopped;
      std::unique_lock lock(mutex);
      stopped.wait_for(lock, options_.stop, kBetweenLooks, [] { return false; });
      if (options_.stop.stop_requested()) return std::nullopt;
      caller = std::make_shared<Caller>(options_);
    }
  }

  control::Submit submit_;
  const SubmitOptions& options_;
  const Transport& transport_;
  std::shared_ptr<Caller> caller_;  // of the epoch that comes
  bool again_ = false;
  bool coordinator_lost_ = false;
};

Result<std::filesystem::path> shared_folder(const std::filesystem::path& folder) {
  std::error_code error;
  auto whole = std::filesystem::absolute(folder, error);
  if (error) return invalid("the folder for checkpoints " + folder.string() + " leads nowhere: " + error.message());
  return whole.lexically_normal();
}

}  // namespace

Result<Report> epochs_on_cluster(control::Submit submit, const SubmitOptions& options, const Transport& transport) {
  auto graph = build_job(options.identity, submit.work);
  if (!graph) return std::move(graph).error();
  auto folder = shared_folder(options.checkpoints.folder);
  if (!folder) return std::move(folder).error();
  ClusterEpochs epochs(std::move(submit), options, transport);
  if (auto open = epochs.connect(); !open) return ClusterEpochs::interrupted();
  else if (!*open) return std::move(*open).error();
  JobEpochs job;
  job.graph = &*graph;
  job.checkpoints = options.checkpoints;
  job.checkpoints.folder = *folder;
  job.stop = options.stop;
  job.epoch = [&](const EpochStart& start, const journal::Began&, CheckpointStore& store) { return epochs.epoch(start, store); };
  return run_epochs(std::move(job));
}

}  // namespace leat
