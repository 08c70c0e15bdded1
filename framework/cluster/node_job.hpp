/// One job on one node: probes, builds, runs and commits its share, as the coordinator says. Of a job with checkpoints it
/// is one epoch.
#pragma once

#include <leat/cluster/job_graph.hpp>
#include <leat/cluster/node_checkpoints.hpp>
#include <leat/net/data_plane.hpp>
#include <leat/runtime/job.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// Everything slow happens in run(), on a thread of its own: a probe that waits for a disk delays nobody
/// else. Threads: any. Nothing here waits but run().
class NodeJob {
 public:
  struct Setup {
    control::JobId id = 0;
    std::shared_ptr<const ProgramIdentity> identity;
    std::shared_ptr<DataPlane> data;
    Scheduling scheduling = Scheduling::stealing;
    Log log;
    /// To the coordinator; from any thread, while this lives. An error: what cannot be told fails the job.
    std::function<Result<void>(const control::Message&)> say;
    DeadLetterPlace dead_letters = {};  ///< where chunks go that stages put aside
  };
  explicit NodeJob(Setup setup) : setup_(std::move(setup)) {}

  /// From its beginning to its end, once. Calls what the user wrote; what that throws fails the job.
  void run();

  void probe(control::Probe probe);
  void deploy(control::Deploy deploy);
  void start();
  /// A step of growing or shrinking, once it runs; says when it is done.
  void resize(control::Resize step);
  void gate_ended(StageId stage);
  void interrupt();
  /// Its sources here end early; the rest finishes.
  void drain();
  void commit();
  /// With checkpoints: the nth cut is to be taken; it is published, or refused.
  void take_cut(std::uint64_t n);
  void cut_over(std::uint64_t n, const std::string& refused);
  /// Drops the job: nothing of it is committed unless commit() was before.
  void cancel(const std::string& why);

  /// Nothing of it runs any more: run() returns.
  bool ended() const;
  /// It has checkpoints and was to be dropped so long ago that it never will be: the next epoch waits for its memory.
  bool clings(std::chrono::steady_clock::time_point now) const;
  bool has_checkpoints() const { return checkpoints_now() != nullptr; }
  /// It was told to commit, and is not over yet: nothing takes it back.
  bool committing() const;
  bool failed() const;
  std::string name() const;
  Progress progress() const;  ///< as it last was: a moment ago while it runs
  /// Of what runs here; none while nothing does. Waits for nothing that a stage can hold.
  std::optional<JobSnapshot> snapshot() const;
  /// As Job::tap(). Errors: its own, invalid (nothing runs here).
  Result<std::shared_ptr<Tap>> tap(const std::string& place, std::size_t rows, Tap::Reader reader) const;
  PeerTraffic traffic() const;  ///< summed over peers

 private:
  Result<void> work();
  const Progress& look();
  Result<void> do_probe();
  Result<void> build();
  Result<Plan> plan(const control::Deploy& deploy);
  Result<void> run_cells();
  Result<bool> await_commit();
  Result<void> do_resize(const control::Resize& step);
  Result<void> prepare(const control::Resize& step);
  Result<void> shrink(const control::Resize& step);
  void settle();
  Result<void> placed_alike(const Placement& placement, const std::string& digest) const;
  Result<void> commit_cells();
  // Of a job with checkpoints.
  bool runs() const;
  Result<void> prepare_checkpoints(Share& share);
  std::shared_ptr<NodeCheckpoints> checkpoints_now() const;
  Result<std::vector<Sealed>> seal();
  Result<void> commit_checkpoints();
  void forget_checkpoints();
  // Errors: what a destructor of the user's throws.
  Result<void> take_down();
  bool await(bool& flag);
  void log_end();
  void drop(Error error);
  void say(const control::Message& message);

  Setup setup_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // What was asked; under mutex_.
  std::optional<control::Probe> probe_;
  std::optional<control::Deploy> deploy_;
  std::deque<control::Resize> resizes_;
  bool to_probe_ = false;
  bool to_deploy_ = false;
  bool to_start_ = false;
  bool to_commit_ = false;
  bool interrupted_ = false;
  bool drained_ = false;
  bool cancelled_ = false;
  std::string cancelled_why_;
  std::chrono::steady_clock::time_point cancelled_at_;
  // How far it is; under mutex_.
  bool finished_ = false;
  bool committing_ = false;
  bool ended_ = false;
  std::optional<Error> failure_;  // its own, not a cancellation
  PeerTraffic final_traffic_;
  Progress progress_;
  Job* running_ = nullptr;
  JobLinks* linked_ = nullptr;
  std::shared_ptr<NodeCheckpoints> checkpoints_;
  // Its thread's own.
  std::optional<Graph> graph_;
  bool end_logged_ = false;
  bool settled_ = false;  // peers have all that cells here have sent, and these have ended
  bool growing_ = false;  // prepared, neither attached nor abandoned
  std::unique_ptr<JobLinks> links_;
  std::vector<UsedFile> files_;  // that its stages here use
  std::unique_ptr<Job> job_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace leat
