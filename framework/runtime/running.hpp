/// One epoch of a job in this process: a job and what runs it, from its building to its end.
#pragma once

#include <leat/diagnosis/stuck_watch.hpp>
#include <leat/runtime/checkpoints.hpp>
#include <leat/runtime/job.hpp>
#include <leat/runtime/memory_watch.hpp>
#include <leat/runtime/run.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace leat {

/// Whatever happens, its cells leave before it goes. Threads: one.
class Running {
 public:
  /// Publishes as the nth all that is sealed when all has ended.
  using PublishLast = std::function<Result<void>(std::uint64_t n, const std::vector<Sealed>& sealed)>;
  /// `checkpoints`: its job and its cuts are filled in here; none: none are taken. `options` lives longer.
  Running(Plan plan, const RunOptions& options, Share share, std::optional<Checkpoints::Setup> checkpoints = {},
          PublishLast publish_last = {});
  ~Running();

  /// Once. Errors: as leat::run(), without what is checked beforehand.
  Result<Report> run();

 private:
  using Clock = std::chrono::steady_clock;

  Result<void> make_crew();
  Result<void> work();
  Result<void> begin_checkpoints();
  void watch();
  void look_at_checkpoints();
  std::chrono::milliseconds progress_every() const;
  void look_stuck();
  void tell();
  void end(Error why);
  Result<Report> ended();
  Result<void> seal_and_commit();

  const RunOptions& options_;
  std::unique_ptr<JobCuts> cuts_;
  std::optional<Checkpoints::Setup> setup_;
  PublishLast publish_last_;
  Job job_;
  MemoryWatch memory_;
  bool shown_ = false;  // on_job has the job
  StuckWatch stuck_;
  Clock::time_point looked_ = Clock::now();
  std::optional<Clock::time_point> stopping_;  // since when the last checkpoint is waited for
  std::unique_ptr<Checkpoints> checkpoints_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace leat
