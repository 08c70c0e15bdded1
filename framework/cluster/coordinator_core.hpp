/// The coordinator's decisions: who may join, which jobs run, who is lost. Pure: no I/O, no threads, time
/// is passed in; what it wants done comes out of take().
#pragma once

#include <leat/cluster/job_core.hpp>
#include <leat/cluster/pending_answers.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// Threads: one at a time.
class CoordinatorCore {
 public:
  struct Options {
    control::Identity identity;
    Timeouts timeouts;
    std::function<std::string()> token;  ///< a fresh secret
    Log log;
    /// As Coordinator::Options::answer.
    std::function<std::string(const std::string& question)> answer = {};
  };
  explicit CoordinatorCore(Options options) : options_(std::move(options)), membership_(options_.timeouts.lost_after) {}

  void connected(PeerId peer, Instant now);
  /// `message`: as decode() gives it.
  void received(PeerId peer, const Result<control::Message>& message, Instant now);
  void gone(PeerId peer, const std::string& why, Instant now);
  void tick(Instant now);
  /// What came of one of Effects::builds.
  void graph_built(control::JobId job, Result<std::unique_ptr<JobGraph>> job_graph, Instant now);
  /// What came of one of Effects::placings.
  void placed(control::JobId job, Result<PlacedJob> placed, Instant now);
  /// One of Effects::retired is destroyed.
  void retired() { --calls_aside_; }

  /// One of Effects::messages cannot be told: encode() says why. Its job fails by it; who asked is refused.
  void unsaid(const Sent& sent, const Error& why, Instant now);

  /// No new jobs from now on.
  void drain() { draining_ = true; }
  /// Fails all jobs, and takes no more.
  void close(const std::string& why);

  /// A job whose graph is to be built: by a function of the user's, which may take its time.
  struct GraphBuild {
    control::JobId job = 0;
    control::Work work;
  };
  /// What to do now, in this order: messages to send, then peers to drop. What is built, placed and
  /// destroyed calls functions of the user's, which may take their time: beside everything else, one apart
  /// from the other.
  struct Effects {
    std::vector<Sent> messages;
    std::vector<PeerId> drops;
    std::vector<GraphBuild> builds;
    std::vector<Placing> placings;
    std::vector<std::shared_ptr<const JobGraph>> retired;  ///< to be destroyed

    bool empty() const {
      return messages.empty() && drops.empty() && builds.empty() && placings.empty() && retired.empty();
    }
  };
  Effects take() { return std::exchange(effects_, {}); }

  ClusterStatus status() const;
  bool idle() const { return jobs_.empty(); }

 private:
  enum class Role { stranger, node, submitter, asker, parted };
  struct Visitor {
    Role role = Role::stranger;
    Instant heard{0};  // of a parted one: when it was told to go
  };

  void stranger(PeerId peer, const control::Message& message, Instant now);
  void join(PeerId peer, const control::Join& join, Instant now);
  void submit(PeerId peer, const control::Submit& submit, Instant now);
  void of_submitter(PeerId peer, const control::Message& message, Instant now);
  void ask(PeerId peer, const control::Identity& identity, const std::string& drained);
  void of_node(PeerId peer, const control::Message& message, Instant now);
  /// What who has asked wants of a job.
  void of_job(PeerId peer, control::JobId id, const control::Message& message, Instant now);
  /// Asks the nodes of a job. False: there is no such job, and the question is not of one that has ended.
  bool ask_nodes(PeerId peer, const control::Ask& asked, Instant now);
  void drain_member(const Member& member);
  void lose(Member member, const std::string& why);
  /// Why a peer's program may not work with this one: to be told there, and for the log here. Both empty: it may.
  struct Difference {
    std::string there;
    std::string here;
  };
  Difference difference(const control::Identity& theirs) const;
  /// `here`: what the log says of it, where that is something else.
  void refuse(PeerId peer, const Error& why, Instant now, const std::string& here = "");
  void part(PeerId peer, Instant now);
  void silences(Instant now);
  /// Places what waits, forgets what has ended, lets go whom nothing holds.
  void settle(Instant now);
  void forget_ended();
  void let_go(Instant now);
  void retire(std::shared_ptr<const JobGraph> job_graph);
  void send(PeerId to, control::Message message) { effects_.messages.push_back({to, std::move(message)}); }
  std::string name_of(PeerId peer) const;

  Options options_;
  Membership membership_;
  std::map<PeerId, Visitor> visitors_;
  NodeMemory memory_;
  JobFiles files_;
  PendingAnswers pending_;
  std::map<control::JobId, std::unique_ptr<JobCore>> jobs_;
  std::size_t calls_aside_ = 0;  // of the user's functions: also for jobs that have ended meanwhile
  control::JobId last_job_ = 0;
  Instant beaten_{0};
  bool draining_ = false;
  Effects effects_;
};

}  // namespace leat
