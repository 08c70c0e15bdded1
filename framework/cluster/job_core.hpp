/// One job as its coordinator sees it, from submission to its one outcome. Pure: no I/O, no threads, time
/// is passed in.
///
///   building -> waiting -> probing -> placing -> queued -> deploying -> running -> committing -> ended
///
/// What calls functions of the user's is done elsewhere, and told here when it is done: graph_built(), placed().
///
/// Any failure before `committing` cancels the job on every node, and nothing is committed. Commit is told
/// to the nodes only when all of them have finished completely; from then on nothing takes it back.
///
/// Of a job with checkpoints this is one epoch: who submits it orders cuts, publishes them, and begins the next. What has
/// finished is `publishing` until the last manifest is there; a failure is told once nothing is left of it on any node
/// (`leaving`), so that the next epoch finds their memory free.
#pragma once

#include <leat/cluster/job_cuts.hpp>
#include <leat/cluster/job_files.hpp>
#include <leat/cluster/job_graph.hpp>
#include <leat/cluster/pool_changes.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace leat {

/// A placing to be worked out.
struct Placing {
  control::JobId job = 0;
  std::shared_ptr<const JobGraph> job_graph;
  Graph::Probes probes;
  std::vector<NodeSpec> nodes;
  std::uint64_t process_base = 0;
  Past past;
};

/// Works it out. Errors: those of JobGraph::place(), and what the user's functions throw.
Result<PlacedJob> place(const Placing& placing);

/// Threads: one at a time.
class JobCore {
 public:
  enum class Phase { building, waiting, probing, placing, queued, deploying, running, publishing, committing, leaving, ended };

  struct Setup {
    control::JobId id = 0;
    PeerId submitter = 0;
    control::Submit submit;
    std::chrono::milliseconds step_within{0};
    std::string token;
    Log log;
    NodeMemory* memory = nullptr;  ///< outlives this
    JobFiles* files = nullptr;     ///< outlives this
  };
  JobCore(Setup setup, Instant now);
  JobCore(const JobCore&) = delete;
  JobCore& operator=(const JobCore&) = delete;

  /// Its job graph, or why there is none. Only while building.
  void graph_built(Result<std::unique_ptr<JobGraph>> job_graph, Instant now, std::vector<Sent>& out);
  /// While waiting: takes what is there, if that is enough.
  void place(const std::vector<Member>& available, Instant now, std::vector<Sent>& out);
  /// What is to be worked out now, if anything: placed() has to follow. Once each.
  std::optional<Placing> take_placing() { return std::exchange(to_place_, std::nullopt); }
  /// What came of it.
  void placed(Result<PlacedJob> placed, Instant now, std::vector<Sent>& out);
  /// Leaves it without: what it holds of the user's is destroyed elsewhere.
  std::shared_ptr<const JobGraph> take_job_graph() { return std::move(job_graph_); }
  /// While queued: is deployed when it fits its nodes beside other jobs, and nobody who came before waits
  /// for one of them; else it is the one who waits there.
  void admit(Instant now, std::vector<Sent>& out);
  /// Other jobs hold less than they did.
  void memory_given_back() { changes_.memory_given_back(); }
  /// From a node that takes part.
  void received(PeerId from, const control::Message& message, Instant now, std::vector<Sent>& out);
  /// `why`: "silent for 3.0 s".
  void lost(PeerId node, const std::string& why, std::vector<Sent>& out);
  void submitter_lost(const std::string& why, std::vector<Sent>& out);
  void interrupt(std::vector<Sent>& out);
  /// Of who submits it: a cut is to be taken; it is published, or is not, of the last one too.
  void take_cut(std::uint64_t n, std::vector<Sent>& out);
  void cut_over(const control::CutOver& said, Instant now, std::vector<Sent>& out);
  /// Its sources end early, and the rest finishes and commits. Errors: invalid (it does not run yet, or is through).
  Result<void> drain_sources(std::vector<Sent>& out);
  void fail(const Error& error, std::vector<Sent>& out);
  /// A member that is there: while the job runs its pools may grow onto it, up to its cpus.
  void offer(const Member& member);
  /// What can leave that node does: its replicas of pools.
  void drain(PeerId node) { changes_.drain(node); }
  /// Begins the next change of a pool, when there is one to make and none under way.
  void change_pools(Instant now, std::vector<Sent>& out);
  /// Deadlines; progress to the submitter.
  void tick(Instant now, std::vector<Sent>& out);

  Phase phase() const { return phase_; }
  bool ended() const { return phase_ == Phase::ended; }
  /// Those that have cells of it, or had; none before it runs.
  std::vector<Member> running_on() const;
  bool uses(PeerId node) const { return !ended() && parts_.uses(node); }
  PeerId submitter() const { return setup_.submitter; }
  const std::string& host() const { return setup_.submit.host; }
  JobStatus status() const;

 private:
  // A placing that is being worked out.
  struct Awaited {
    std::optional<PoolChange> change;  // that it is of, else of what there is
    Instant since{0};
  };

  void probed(JobPart& part, const control::Probed& probed, Instant now, std::vector<Sent>& out);
  void finished(JobPart& part, const control::Finished& finished, Instant now, std::vector<Sent>& out);
  void conclude(Instant now, std::vector<Sent>& out);
  bool has_cuts() const { return !setup_.submit.start.folder.empty(); }
  std::size_t wanted_nodes(Instant now) const;
  std::vector<LayoutNode> laid_out() const;
  void cut_taken(const JobPart& part, const control::CutTaken& said, std::vector<Sent>& out);
  void publish_last(Instant now, std::vector<Sent>& out);
  void commit(Instant now, std::vector<Sent>& out);
  void leave(const Error& why, std::vector<Sent>& out);
  void left(JobPart& part, std::vector<Sent>& out);
  void look_who_leaves(Instant now, std::vector<Sent>& out);
  void part_failed(JobPart& part, const Error& why, std::vector<Sent>& out);
  void wait(std::string what, std::vector<Sent>& out);
  void ask_for_probes(const std::map<StageId, NodeId>& sites, Instant now, std::vector<Sent>& out);
  void lay_down(Instant now, std::vector<Sent>& out);
  void ask_to_place(const std::vector<PoolChange>& changes, std::optional<PoolChange> change, Instant now);
  void placed_at_first(PlacedJob placed, Instant now, std::vector<Sent>& out);
  void placed_again(Result<PlacedJob> placed, const std::optional<PoolChange>& change, Instant now,
                    std::vector<Sent>& out);
  void deploy(Instant now, std::vector<Sent>& out);
  control::Deploy deployment_on(NodeId node) const;
  void answered(JobPart& part, Instant now, std::vector<Sent>& out);
  void all_committed(std::vector<Sent>& out);
  std::optional<Error> overdue(Instant now) const;
  void enter(Phase phase, Instant now);
  void cancel(const std::string& why, std::vector<Sent>& out);
  void end(std::variant<Report, Error> content, std::vector<Sent>& out);
  void invariants() const;
  Report report(Ending ending) const;

  Setup setup_;
  std::shared_ptr<const JobGraph> job_graph_;
  Phase phase_ = Phase::building;
  Instant since_{0};
  JobParts parts_;
  JobMemory memory_;
  PoolChanges changes_;
  ClusterCuts cuts_;
  std::uint64_t last_cut_ = 0;     // that the submitter is asked to publish as the last
  std::optional<Error> failure_;  // while leaving
  std::optional<Instant> leaves_;  // since when
  Graph::Probes probes_;
  std::map<StageId, NodeId> sites_;
  std::uint64_t base_ = 0;
  std::size_t placed_on_ = 0;  // so many nodes at first
  std::string waits_for_;      // while waiting or queued
  std::optional<Placing> to_place_;
  std::optional<Awaited> awaited_;
  bool drained_ = false;  // its sources have been told to end early
  bool news_ = false;  // progress the submitter has not been told
};

/// "building", "waiting" ...: for people, to whom a queued job waits, too.
std::string to_string(JobCore::Phase phase);

}  // namespace leat
