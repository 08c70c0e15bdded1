/// One job as its coordinator sees it, from submission to its one outcome. Pure: no I/O, no threads, time
/// is passed in.
///
///   drafting -> waiting -> probing -> placing -> queued -> deploying -> running -> committing -> ended
///
/// What calls functions of the user's is done elsewhere, and told here when it is done: drafted(), placed().
///
/// Any failure before `committing` cancels the job on every node, and nothing is committed. Commit is told
/// to the nodes only when all of them have finished completely; from then on nothing takes it back.
#pragma once

#include <leat/cluster/job_graph.hpp>
#include <leat/cluster/membership.hpp>
#include <leat/cluster/node_memory.hpp>
#include <leat/runtime/scaler.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leat {

/// A message to be sent.
struct Sent {
  PeerId to = 0;
  control::Message message;
};

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
  enum class Phase { drafting, waiting, probing, placing, queued, deploying, running, committing, ended };

  struct Setup {
    control::JobId id = 0;
    PeerId submitter = 0;
    control::Submit submit;
    std::chrono::milliseconds step_within{0};
    std::string token;
    Log log;
    NodeMemory* memory = nullptr;  ///< outlives this
  };
  JobCore(Setup setup, Instant now);

  /// Its job graph, or why there is none. Only while drafting.
  void drafted(Result<std::unique_ptr<JobGraph>> job_graph, Instant now, std::vector<Sent>& out);
  /// While waiting: takes what is there, if that is enough.
  void place(const std::vector<Member>& available, Instant now, std::vector<Sent>& out);
  /// What is to be worked out now, if anything: placed() has to follow. Once each.
  std::optional<Placing> take_placing() { return std::exchange(to_place_, std::nullopt); }
  /// What came of it.
  void placed(Result<PlacedJob> placed, Instant now, std::vector<Sent>& out);
  /// Leaves it without: what it holds of the user's is destroyed elsewhere.
  std::shared_ptr<const JobGraph> take_blueprint() { return std::move(job_graph_); }
  /// While queued: is deployed when it fits its nodes beside other jobs, and nobody who came before waits
  /// for one of them; else it is the one who waits there.
  void admit(Instant now, std::vector<Sent>& out);
  /// Other jobs hold less than they did.
  void memory_given_back();
  /// From a node that takes part.
  void received(PeerId from, const control::Message& message, Instant now, std::vector<Sent>& out);
  /// `why`: "silent for 3.0 s".
  void lost(PeerId node, const std::string& why, std::vector<Sent>& out);
  void submitter_lost(const std::string& why, std::vector<Sent>& out);
  void interrupt(std::vector<Sent>& out);
  void fail(const Error& error, std::vector<Sent>& out);
  /// A member that came while the job runs: its pools may grow onto it, up to its cpus.
  void offer(const Member& member);
  /// What can leave that node does: its replicas of pools.
  void drain(PeerId node);
  /// Begins the next change of a pool, when there is one to make and none under way.
  void change_pools(Instant now, std::vector<Sent>& out);
  /// Deadlines; progress to the submitter.
  void tick(Instant now, std::vector<Sent>& out);

  Phase phase() const { return phase_; }
  bool ended() const { return phase_ == Phase::ended; }
  bool uses(PeerId node) const;
  PeerId submitter() const { return setup_.submitter; }
  const std::string& host() const { return setup_.submit.host; }
  JobStatus status() const;

 private:
  struct Part {
    Member member;
    bool takes_part = true;
    bool awaited = false;  // an answer of this phase
    Progress progress;
    control::Finished finished;
    Bound bound;
    std::string trouble;   // while committing: why it did not
    bool asked = false;    // to do a step of a change
    bool drains = false;
    bool left = false;     // had a share and has worked it off
    bool parts = false;    // and the others are being told
    bool late = false;     // came while the job ran
    std::size_t grown = 0; // replicas it got since
    bool crowded = false;  // no room for more beside other jobs
  };
  // A change of a pool, under way; emplace() makes it all nothing.
  struct Resizing {
    PoolChange change;
    control::ResizeStep step;
    Instant since;
    bool too_late;
    std::optional<NodeId> comes;  // the node that it grows onto, when it has no share yet
  };
  // A placing that is being worked out.
  struct Awaited {
    std::optional<PoolChange> change;  // that it is of, else of what there is
    Instant since{0};
  };

  void probed(Part& part, const control::Probed& probed, Instant now, std::vector<Sent>& out);
  void finished(Part& part, const control::Finished& finished, Instant now, std::vector<Sent>& out);
  void conclude(Instant now, std::vector<Sent>& out);
  void part_failed(Part& part, const Error& why, std::vector<Sent>& out);
  Result<void> reachable() const;
  void ask_for_probes(const std::map<StageId, NodeId>& sites, Instant now, std::vector<Sent>& out);
  void lay_down(Instant now, std::vector<Sent>& out);
  void ask_to_place(const std::vector<PoolChange>& changes, std::optional<PoolChange> change, Instant now);
  void placed_at_first(PlacedJob placed, Instant now, std::vector<Sent>& out);
  void placed_again(Result<PlacedJob> placed, const std::optional<PoolChange>& change, Instant now,
                    std::vector<Sent>& out);
  Result<void> fits_nodes(const std::vector<Bound>& bounds) const;
  std::string waits_for() const;
  Result<void> room(const std::vector<Bound>& bounds) const;
  void hold();
  void deploy(Instant now, std::vector<Sent>& out);
  void answered(Part& part, Instant now, std::vector<Sent>& out);
  void all_committed(std::vector<Sent>& out);
  bool ending() const;
  std::optional<PoolChange> next_change();
  std::optional<PoolChange> next_shrinking() const;
  std::optional<PoolChange> next_growth();
  void look_at_pools();
  std::optional<PoolChange> next_wished();
  void forget_last();
  bool has_room(const PlacedJob& placed, NodeId node) const;
  void begin(const PoolChange& change, PlacedJob placed, Instant now, std::vector<Sent>& out);
  void deploy_late(NodeId node, const std::string& digest, std::vector<Sent>& out);
  void ask_step(control::ResizeStep step, const std::string& digest, Instant now, std::vector<Sent>& out);
  void step_done(Part& part, bool too_late, Instant now, std::vector<Sent>& out);
  void abandon(const PoolChange& change);
  void next_step(Instant now, std::vector<Sent>& out);
  void release(std::vector<Sent>& out);
  bool let_go(Instant now, std::vector<Sent>& out);
  control::Deploy deployment(const std::string& digest) const;
  void enter(Phase phase, Instant now);
  void cancel(const std::string& why, std::vector<Sent>& out);
  void end(std::variant<Report, Error> content, std::vector<Sent>& out);
  void invariants() const;

  Part* part_of(PeerId node);
  std::vector<NodeSpec> specs() const;
  Progress merged() const;
  Report report(Ending ending) const;
  template <class Each>
  void to_all(std::vector<Sent>& out, const Each& message) const {
    for (const Part& part : parts_) {
      if (part.takes_part) out.push_back({part.member.peer, message});
    }
  }

  Setup setup_;
  std::shared_ptr<const JobGraph> job_graph_;
  Phase phase_ = Phase::drafting;
  Instant since_{0};
  std::vector<Part> parts_;  // by NodeId
  Graph::Probes probes_;
  std::map<StageId, NodeId> sites_;
  std::uint64_t base_ = 0;
  Past past_;
  std::set<PeerId> offered_;
  std::vector<Member> joined_;
  std::vector<Member> crowded_;  // those that came and have no room beside other jobs
  std::string waits_for_;        // while waiting or queued
  std::optional<Resizing> resizing_;
  Scaler scaler_;
  std::optional<PlacedJob> current_;  // as it is placed now, while that is known
  std::optional<Placing> to_place_;
  std::optional<Awaited> awaited_;
  std::optional<Scaler::Wish> wish_;
  bool pools_may_change_ = false;  // something has happened since none was to
  bool news_ = false;  // progress the submitter has not been told
};

/// "drafting", "waiting" ...: for people, to whom a queued job waits, too.
std::string text(JobCore::Phase phase);

}  // namespace leat
