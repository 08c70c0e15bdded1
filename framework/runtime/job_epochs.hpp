/// A job as a sequence of epochs, joined by checkpoints, wherever they run: in this process or on a cluster.
#pragma once

#include <leat/checkpoint/epoch_start.hpp>
#include <leat/graph/graph.hpp>
#include <leat/runtime/run.hpp>

#include <chrono>
#include <functional>

namespace leat {

struct JobEpochs {
  const Graph* graph = nullptr;  ///< outlives the call
  CheckpointOptions checkpoints;
  std::stop_token stop;
  /// Threads that the job is laid out for; 0: on a cluster, where it is said with each checkpoint.
  std::size_t threads = 0;
  /// Runs one, to its end. After EpochWork::run, complete, all that it has sealed is published as the last and committed. A
  /// job that was laid out for other threads than `threads` is said so in `began`.
  std::function<Result<Report>(const EpochStart& start, const journal::Began& began, CheckpointStore& store)> epoch;
};

/// From the job's first epoch, or the one after that which was stopped, to its end. Errors: those of the store and of
/// `epoch`; invalid where a job is there that is not to be restored, or none that is, or where the graph is another. After
/// any of them what is published can be restored. Threads: any.
Result<Report> run_epochs(JobEpochs job);

}  // namespace leat
