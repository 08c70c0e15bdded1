/// A run that can be asked about, cancelled and drained while it runs: what stands between it and its socket.
#pragma once

#include <leat/app/inspected.hpp>
#include <leat/app/job_spans.hpp>
#include <leat/app/metrics.hpp>
#include <leat/app/run_checkpoints.hpp>
#include <leat/app/run_curves.hpp>
#include <leat/app/run_nodes.hpp>
#include <leat/app/verbs.hpp>
#include <leat/runtime/job.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leat {

/// Opens the process's socket; where that cannot be, says so, and the run goes on without. Threads: any, but for the
/// constructor and the destructor.
class LiveRun {
 public:
  /// So long a run that is cancelled has to end by itself. Then its process ends, unless it commits.
  static constexpr std::chrono::milliseconds kGrace{10'000};

  /// `interrupt`: interrupts the run, as a cancellation does.
  LiveRun(const VerbCall& call, std::stop_token interrupt);

  /// Requested by a cancellation, and by `interrupt`.
  std::stop_token stop() const { return stop_.get_token(); }
  /// The job, once it is built; null once its cells have left.
  void at(Job* job);
  /// On a cluster there is no job here, but who asks its nodes; null where they are asked no more.
  void on(std::shared_ptr<RunNodes> nodes);
  /// Writes to `log`, and keeps the lines for who asks this process for them.
  Log log(const Log& log) const { return kept(log, logs_); }
  void progress(const Progress& progress);
  void waits(const std::string& what);
  void stuck(const Why& why);
  /// A checkpoint is published, or given up.
  void taken(const CheckpointTaken& checkpoint);
  /// It begins anew from that checkpoint; 0: from its beginning.
  void restarts(const Error& why, std::uint64_t n);
  /// Before its end is said.
  void ended(const Result<Report>& report);
  /// What a collector is told of it: of cells what they did last, spans once it has ended. Threads: any.
  MetricFamilies metrics() const;
  std::vector<TraceSpan> spans() const;
  /// What its stages have drawn in this process, and what is drawn of itself. Threads: any.
  std::vector<NamedCurve> curves() const;

 private:
  std::string state() const;
  std::string details() const;
  Result<JobSnapshot> snapshot() const;
  Result<std::shared_ptr<Tap>> tap(const std::string& place, std::size_t rows) const;
  Result<std::string> tap_nodes(const inspect::Question& question) const;
  Error no_cells() const;
  std::shared_ptr<RunNodes> nodes() const;
  void draw(bool last);
  Result<void> cancel();
  Result<void> drain();
  Result<void> drain_nodes();
  void end_unless_committing();

  const bool on_cluster_;
  const std::string graph_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> on_interrupt_;
  std::shared_ptr<LogLines> logs_ = std::make_shared<LogLines>();
  mutable std::mutex mutex_;
  Job* job_ = nullptr;
  std::shared_ptr<RunNodes> nodes_;
  std::optional<Progress> progress_;
  std::string waits_;
  std::optional<RunCheckpoints> checkpoints_;  // of a run that takes some
  std::optional<JobSnapshot> last_;  // of cells that have ended
  RunSpans worked_;
  RunCurves drawn_;
  std::vector<TraceSpan> spans_;
  bool cells_gone_ = false;
  bool drains_ = false;
  bool cancelled_ = false;
  std::unique_ptr<Inspected> inspected_;  // last: uses all of the above
};

}  // namespace leat
