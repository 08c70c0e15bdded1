/// One program on several machines: a coordinator, nodes that join it, and runs submitted to it.
///
/// All are the same program: each builds the graph itself from the job's canonical Args.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/diagnosis/snapshot.hpp>
#include <leat/graph/args.hpp>
#include <leat/graph/placement.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/runtime/run.hpp>
#include <leat/runtime/tap.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leat {

/// What members compare when they meet.
struct ProgramIdentity {
  std::string name;               ///< of the executable, for sentences
  std::string build;              ///< build id of the executable
  std::vector<Program> programs;  ///< its graphs
};

struct MemberStatus {
  NodeSpec node;
  Endpoint data;
  bool draining = false;
};
struct JobStatus {
  std::uint64_t id = 0;
  std::string graph;
  /// "building", "waiting", "probing", "placing", "deploying", "running", "draining", "publishing", "committing" or "leaving".
  std::string phase;
  Progress progress;  ///< of the whole: each stage summed over its replicas on all nodes
  std::string why = {};  ///< while waiting: "for nodes: 2 of 3", "for memory: node a has ..."
};
struct ClusterStatus {
  std::vector<MemberStatus> members;
  std::vector<JobStatus> jobs;
};

/// How long silence means death. A node whose process dies is known lost at once.
struct Timeouts {
  std::chrono::milliseconds heartbeat{500};
  std::chrono::milliseconds lost_after{3000};
  std::chrono::milliseconds step_within{30000};  ///< to build the graph; to probe, deploy and commit on all nodes
};

/// Places jobs and watches over them. Owns its threads, one more for each graph that is being built: a function
/// of a user's delays nobody else. Destroying it fails the jobs that run, and waits for such functions.
class Coordinator {
 public:
  struct Options {
    Endpoint listen;
    Credentials credentials;
    ProgramIdentity identity;
    Log log;
    Timeouts timeouts = {};
    /// What this process itself answers of what somebody asks of a job's nodes: question and answer as in
    /// framework/inspect. It may be of a job that has ended: then all nodes are asked. "": nothing, the nodes are enough.
    /// Called under a lock, so it must not wait, nor call the coordinator. Null: nothing.
    std::function<std::string(const std::string& question)> answer = {};
  };
  static Result<std::unique_ptr<Coordinator>> open(Options options);
  virtual ~Coordinator() = default;
  virtual Endpoint endpoint() const = 0;
  virtual ClusterStatus status() const = 0;
  /// Refuses new jobs and waits until those that run have ended: true; or until `now`: false.
  virtual bool drain(std::stop_token now) = 0;
};

enum class NodeState { joining, ready, draining };

struct NodeOptions {
  Endpoint coordinator;
  Credentials credentials;
  Endpoint data;                        ///< where to listen for chunks; port 0 is a free one
  std::optional<Credentials> data_tls;  ///< must be given off loopback
  NodeSpec node;
  ProgramIdentity identity;
  Log log;
  Scheduling scheduling = Scheduling::stealing;
  std::chrono::milliseconds join_within{30000};  ///< how long to look for a coordinator that is not there
  bool rejoin = true;                            ///< look for a lost coordinator again; else leave with an error
  std::stop_token drain = {};                    ///< leave once the jobs here have ended
  std::stop_token leave = {};                    ///< leave now: the jobs here fail
  std::function<void(NodeState, const Endpoint& data)> on_state = {};  ///< `data`: where it takes chunks
  DeadLetterPlace dead_letters = {};  ///< where chunks go that stages put aside here
  /// Answers what somebody asks of this node through its coordinator: question and answer as in framework/inspect.
  /// From the control plane's thread, so it must not wait. Null: nothing is answered.
  std::function<std::string(const std::string& question)> answer = {};
  Timeouts timeouts = {};
};

/// What a node has done so far: for its metrics.
struct NodeCounters {
  std::uint64_t jobs_started = 0;
  std::uint64_t jobs_failed = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t reconnects = 0;
  std::vector<std::pair<std::string, Progress>> running;  ///< by graph and job id
};

/// What cells do now, by job, named as in NodeCounters::running.
using JobSnapshots = std::vector<std::pair<std::string, JobSnapshot>>;

/// A member of a cluster. Owns its threads.
class ClusterNode {
 public:
  static Result<std::unique_ptr<ClusterNode>> open(NodeOptions options);
  virtual ~ClusterNode() = default;
  /// Returns when it has drained or left; error: refused by the coordinator, or it stayed away.
  virtual Result<void> wait() = 0;
  virtual NodeCounters counters() const = 0;
  /// Of its shares of jobs. Waits for nothing that a stage can hold. Threads: any.
  virtual JobSnapshots snapshots() const = 0;
  /// As Job::tap(), of the only job that has cells here, or of that called so. Errors: its own, invalid (there is none,
  /// or none so called). Threads: any.
  virtual Result<std::shared_ptr<Tap>> tap(const std::string& job, const std::string& place, std::size_t rows,
                                           Tap::Reader reader) const = 0;
};

struct SubmitOptions {
  Endpoint coordinator;
  Credentials credentials;
  ProgramIdentity identity;
  Log log;
  std::uint64_t memory = 0;     ///< refuse a graph whose bound on any node is larger; 0: no limit
  std::size_t nodes = 1;        ///< wait until this many have joined
  std::chrono::milliseconds nodes_within{30000};
  std::stop_token stop = {};    ///< a request interrupts, as in RunOptions
  std::function<void(const Progress&)> on_progress = {};  ///< on the thread that called
  /// What it waits for, when that is another thing than before: "for nodes: 1 of 3"; at once, and "for the
  /// coordinator ..." when that does not answer within 0.1 s. On the thread that called.
  std::function<void(const std::string& what)> on_wait = {};
  /// The job's number at the coordinator, as soon as it is heard of; of a job with checkpoints each epoch has its own. On the
  /// thread that called.
  std::function<void(std::uint64_t)> on_number = {};
  Timeouts timeouts = {};
  /// With a folder, which all machines share under the same path: as RunOptions::checkpoints. Who submits the job keeps its
  /// store: when a node or the coordinator is lost, the job goes on from its latest checkpoint, on the nodes of that moment.
  CheckpointOptions checkpoints = {};
  std::chrono::milliseconds recover_within{300'000};  ///< how long it then looks for a coordinator, and for nodes
};

/// Runs a graph of this program on a cluster; relative paths among `args` are resolved here. Returns as
/// run() does.
Result<Report> run_on_cluster(std::size_t program, const Args& args, SubmitOptions options);

/// What a coordinator has. Errors: disconnected.
Result<ClusterStatus> cluster_status(const SubmitOptions& options);

/// Interrupts a job, whoever submitted it, and waits until it has ended, for so long. Errors: invalid (no such job),
/// overloaded (it has not ended by then), disconnected.
Result<void> cancel_job(const SubmitOptions& options, std::uint64_t job, std::chrono::milliseconds within);

/// Ends a job's sources early, whoever submitted it, and lets the rest finish and commit; its report has a warning that
/// says so. Errors: invalid (no such job, or one that does not run yet), disconnected.
Result<void> drain_job(const SubmitOptions& options, std::uint64_t job);

/// What a node of a job answers.
struct NodeAnswer {
  std::string node;
  bool heard = false;  ///< false: it has not answered in time
  std::string answer;  ///< "": it is too long to be told
};

/// Asks all nodes of a job, through their coordinator. Threads: one.
class NodeQuestions {
 public:
  /// Errors: disconnected; those of a member that is not let in.
  static Result<std::unique_ptr<NodeQuestions>> open(const SubmitOptions& options);
  virtual ~NodeQuestions() = default;
  /// Answers by node, with one of the coordinator itself, of node "", where it has one; who does not answer within 1 s is
  /// not heard. Errors: invalid (no such job), overloaded (others
  /// ask, too; their answers are too long), disconnected.
  virtual Result<std::vector<NodeAnswer>> ask(std::uint64_t job, const std::string& question) = 0;
  virtual Result<ClusterStatus> status() = 0;
  /// Waits for so long, or until the coordinator is lost, which the next question says.
  virtual void wait(std::chrono::milliseconds time) = 0;
};

/// Asks a member to leave once its jobs have ended. Errors: invalid (no such node), disconnected.
Result<void> drain_node(const SubmitOptions& options, const std::string& node);

/// The build id of the running executable: the linker's, or a hash of the file.
std::string executable_build_id();

}  // namespace leat
