/// One job as its coordinator sees it, from submission to its one outcome. Pure: no I/O, no threads, time
/// is passed in.
///
///   waiting -> probing -> deploying -> running -> committing -> ended
///
/// Any failure before `committing` cancels the job on every node, and nothing is committed. Commit is told
/// to the nodes only when all of them have finished completely; from then on nothing takes it back.
#pragma once

#include <leat/cluster/blueprint.hpp>
#include <leat/cluster/membership.hpp>

#include <memory>
#include <string>
#include <vector>

namespace leat {

/// A message to be sent.
struct Sent {
  PeerId to = 0;
  control::Message message;
};

/// Threads: one at a time.
class JobCore {
 public:
  enum class Phase { waiting, probing, deploying, running, committing, ended };

  struct Setup {
    control::JobId id = 0;
    PeerId submitter = 0;
    control::Submit submit;
    std::unique_ptr<Blueprint> blueprint;
    std::chrono::milliseconds step_within{0};
    std::string token;
    Log log;
  };
  JobCore(Setup setup, Instant now);

  /// While waiting: takes what is there, if that is enough.
  void place(const std::vector<Member>& available, Instant now, std::vector<Sent>& out);
  /// From a node that takes part.
  void received(PeerId from, const control::Message& message, Instant now, std::vector<Sent>& out);
  /// `why`: "silent for 3.0 s".
  void lost(PeerId node, const std::string& why, std::vector<Sent>& out);
  void submitter_lost(const std::string& why, std::vector<Sent>& out);
  void interrupt(std::vector<Sent>& out);
  void fail(const Error& error, std::vector<Sent>& out);
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
  };

  void probed(Part& part, const control::Probed& probed, Instant now, std::vector<Sent>& out);
  void finished(Part& part, const control::Finished& finished, Instant now, std::vector<Sent>& out);
  void part_failed(Part& part, const Error& why, std::vector<Sent>& out);
  Result<void> reachable() const;
  void ask_for_probes(const std::map<StageId, NodeId>& sites, Instant now, std::vector<Sent>& out);
  void lay_down(Instant now, std::vector<Sent>& out);
  Result<void> fits_nodes() const;
  void deploy(const PlacedJob& placed, std::uint64_t base, Instant now, std::vector<Sent>& out);
  void answered(Part& part, Instant now, std::vector<Sent>& out);
  void all_committed(std::vector<Sent>& out);
  void enter(Phase phase, Instant now);
  void cancel(const std::string& why, std::vector<Sent>& out);
  void end(std::variant<Report, Error> content, std::vector<Sent>& out);
  void invariants() const;

  Part* part_of(PeerId node);
  std::vector<NodeSpec> specs() const;
  Progress merged() const;
  Report report(Ending ending) const;
  template <class Each>
  void to_all(std::vector<Sent>& out, Each message) const;

  Setup setup_;
  Phase phase_ = Phase::waiting;
  Instant since_{0};
  std::vector<Part> parts_;  // by NodeId
  Graph::Probes probes_;
  std::map<StageId, NodeId> sites_;
  bool news_ = false;  // progress the submitter has not been told
};

/// "waiting", "probing" ...: for people.
std::string text(JobCore::Phase phase);

}  // namespace leat
