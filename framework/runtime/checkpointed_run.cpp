#include <leat/runtime/checkpointed_run.hpp>

#include <leat/actor/guard.hpp>
#include <leat/runtime/job_epochs.hpp>
#include <leat/runtime/running.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace leat {
namespace {

// Kept until the job is built.
struct Restored {
  std::shared_ptr<Pool> pool = Pool::make();
  Cut cut;
};

// Epochs in this process, one after the other.
class EpochsHere {
 public:
  EpochsHere(Plan plan, const RunOptions& options) : options_(options), graph_(plan.checked.graph), first_(std::move(plan)) {}

  Result<Report> run() {
    JobEpochs job;
    job.graph = &graph_;
    job.checkpoints = options_.checkpoints;
    job.stop = options_.stop;
    job.threads = first_->layout.threads;
    job.epoch = [this](const EpochStart& start, const journal::Began& began, CheckpointStore& store) { return epoch(start, began, store); };
    return run_epochs(std::move(job));
  }

 private:
  Result<Report> epoch(const EpochStart& start, const journal::Began& began, CheckpointStore& store) {
    auto planned = next_plan(began.threads);
    if (!planned) return std::move(planned).error();
    Share share;
    share.job = start.job;
    share.epoch = start.epoch;
    if (start.work != EpochWork::run) return end(std::move(*planned), std::move(share), start);
    if (start.from.n > 0) {
      auto restored = std::make_shared<Restored>();
      auto cut = store.read(start.from, *restored->pool);
      if (!cut) return std::move(cut).error();
      restored->cut = std::move(*cut);
      share.restored = std::shared_ptr<const Cut>(restored, &restored->cut);
    }
    Checkpoints::Setup setup;
    setup.start = start;
    setup.every = options_.checkpoints.every;
    setup.publish = [&store](const Cut& cut, const std::vector<Sealed>& sealed) { return store.publish(cut, sealed); };
    setup.taken = [this, &store](std::uint64_t n, std::chrono::nanoseconds took, const Result<void>& kept) { taken(store, {n, 0, took, kept ? "" : kept.error().sentence}); };
    setup.committed = [&store](std::uint64_t n) { [[maybe_unused]] auto noted = store.committed(n); };
    Running running(std::move(*planned), options_, std::move(share), std::move(setup),
                    [&](std::uint64_t n, const std::vector<Sealed>& sealed) { return store.publish_last(start.epoch, n, sealed); });
    return running.run();
  }

  void taken(const CheckpointStore& store, CheckpointTaken told) const {
    if (!options_.checkpoints.on_checkpoint) return;
    if (told.refused.empty()) told.bytes = store.latest_bytes();
    [[maybe_unused]] auto heard = guarded([&] { options_.checkpoints.on_checkpoint(told); });
  }

  static Result<Report> end(Plan plan, Share share, const EpochStart& start) {
    Report report;
    report.bound = plan.bound;
    Job job(std::move(plan), std::move(share));
    if (auto done = end_epoch(job, start); !done) return std::move(done).error();
    return report;
  }

  Result<Plan> next_plan(std::size_t threads) {
    if (first_ && first_->layout.threads == threads) {
      Plan plan = std::move(*first_);
      first_.reset();
      return plan;
    }
    auto planned = plan(graph_, threads);
    if (planned) add_snapshots(planned->checked, planned->layout, planned->bound);
    return planned;
  }

  const RunOptions& options_;
  Graph graph_;
  std::optional<Plan> first_;
};

}  // namespace

Result<Report> checkpointed_run(Plan plan, RunOptions options) { return EpochsHere(std::move(plan), options).run(); }

}  // namespace leat
