/// Running a graph in this process.
///
///   auto report = leat::run(graph, {.threads = 2});
///   if (!report) std::cerr << report.error().sentence << "\n";
#pragma once

#include <leat/actor/dead_letters.hpp>
#include <leat/checkpoint/restarts.hpp>
#include <leat/diagnosis/why.hpp>
#include <leat/graph/bound.hpp>
#include <leat/graph/graph.hpp>
#include <leat/graph/layout.hpp>
#include <leat/graph/placement.hpp>
#include <leat/runtime/crew.hpp>
#include <leat/runtime/curve.hpp>
#include <leat/runtime/stage_metrics.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace leat {

class Job;

/// A moment of a run, or of one node's share of it. Totals are 0 when no source knows them.
struct Progress {
  double seconds = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t rows = 0;
  std::uint64_t rows_total = 0;
  std::vector<StageProgress> stages;
  std::vector<NamedCurve> curves = {};  ///< what stages have drawn in this process
};

/// The whole of what the nodes of one job say of their shares: each its own replicas, the source's node
/// its extent. Pure.
Progress sum(const std::vector<Progress>& shares);

/// More threads than this nobody may ask for: each has replicas of its own.
constexpr std::size_t kMostThreads = 1024;

/// Checkpoints of a run: what it goes on from when a stage has failed, or its process was killed.
/// A checkpoint that was ordered, and what has come of it.
struct CheckpointTaken {
  std::uint64_t n = 0;
  std::uint64_t bytes = 0;             ///< on the disk; 0: it was given up
  std::chrono::nanoseconds took{0};    ///< from its order
  std::string refused = {};            ///< why it was given up; "": it is published
};

struct CheckpointOptions {
  std::filesystem::path folder = {};         ///< where they are kept; empty: none are taken
  std::chrono::milliseconds every{10'000};   ///< between the orders of two
  bool restore = false;                      ///< go on with the job whose checkpoints are there
  std::optional<std::uint64_t> n = {};       ///< from this one; none: the latest
  bool afresh = false;                       ///< forget the job whose checkpoints are there
  bool changes = false;                      ///< go on although the graph has changed since
  RestartLimit restarts = {};                ///< how often it goes on by itself after a failure
  /// It goes on by itself: why, and from which checkpoint (0: from its beginning). On the thread that called run().
  std::function<void(const Error&, std::uint64_t)> on_restart = {};
  /// One was published or given up, but for those that a job's end overtakes. On any thread, one at a time; what it throws is dropped.
  std::function<void(const CheckpointTaken&)> on_checkpoint = {};
};

struct RunOptions {
  std::size_t threads = 0;   ///< 0: cpu_budget(); at most kMostThreads. No more are made than cells can use
  /// Refuse a graph whose bound is larger, and commit nothing where the process comes to use a tenth more
  /// than the bound; 0: no limit, and a warning in the report.
  std::uint64_t memory = 0;
  Scheduling scheduling = Scheduling::stealing;
  std::stop_token stop = {};  ///< a request interrupts: sources end, what is in flight finishes
  std::function<void(const Progress&)> on_progress = {};  ///< on the thread that called run()
  /// The job, once it is built and before anything moves; null before it goes: for whoever looks on meanwhile, from any
  /// thread. On the thread that called run().
  std::function<void(Job*)> on_job = {};
  std::function<void(const Why&)> on_stuck = {};  ///< nothing has moved for 30 s: on the same thread, once each time
  std::chrono::milliseconds progress_every{100};  ///< taken as 1 ms to 60 s
  /// Where chunks go that stages put aside (Stream::dead_letters): dead_letter_folder(). Needed where a stage may.
  DeadLetterPlace dead_letters = {};
  /// With a folder a run keeps checkpoints there, and begins anew from the latest after a failure that is not for want of
  /// good input: nothing is lost and nothing comes twice, but for what sinks show at once. One that is stopped takes a last
  /// one. A folder with a job that has not ended is refused unless `restore` or `afresh` is set.
  CheckpointOptions checkpoints = {};
};

/// What one node of a cluster did in a run.
struct NodeReport {
  std::string node;
  Progress progress;              ///< of its replicas only
  std::uint64_t peak_memory = 0;  ///< of that process so far, whatever else it does, in bytes
  std::uint64_t bound = 0;        ///< planned for it, in bytes
  std::uint64_t peak_pool = 0;    ///< the most the job's chunks took there, in bytes
};

/// How a run ended. An interrupted run commits nothing.
struct Report {
  Ending ending = Ending::complete;
  Progress progress;
  std::vector<std::pair<std::string, std::string>> results;  ///< what stages reported, in order
  Bound bound;
  std::uint64_t peak_memory = 0;  ///< of the whole process so far, in bytes (VmHWM); on a cluster the largest
  std::uint64_t peak_pool = 0;    ///< the most the job's chunks took, in bytes; on a cluster the largest
  std::vector<NodeReport> nodes = {};  ///< on a cluster: by node
  /// What is not as it was planned, though the run has ended as it says: a sentence each.
  std::vector<std::string> warnings = {};
  std::uint64_t checkpoint = 0;  ///< of an interrupted run: the one that it can go on from; 0: none
};

/// A checked and laid out graph with its bound: what plan shows and run runs.
struct Plan {
  Checked checked;
  Layout layout;
  Bound bound;               ///< of a placed plan: that of the node it runs on
  Placement placement = {};  ///< empty: all of it in this process
};

/// A name that no other run has, in whatever process: OutputName::job.
std::string new_job_name();

/// Checks, probes and lays out; `threads` as in RunOptions. Runs nothing. Errors: those of check() and
/// layout_of(); invalid for more than kMostThreads.
Result<Plan> plan(const Graph& graph, std::size_t threads = 0);

/// The same for a graph to be placed on `nodes`; its sources are probed here. The bound is that of the
/// first node.
Result<Plan> plan(const Graph& graph, const std::vector<NodeSpec>& nodes);

/// Runs a graph to its end on this process's threads; returns when all is committed, failed or
/// interrupted. Errors: those of check(), of `memory`, and the first of any stage, whose sentence
/// names it; whatever user code throws, `on_progress` included, with Error::thrown set. A commit that
/// fails names the sinks that are committed and those that are not; what a destructor throws after the
/// commit is an error that says that all is committed. Threads: any; runs in one process do not know of
/// each other.
Result<Report> run(const Graph& graph, RunOptions options = {});

/// The same for a plan made before. A plan is run once: its sources are used up then. Run again, it or a
/// copy of it is refused (invalid) before anything moves; plan the graph again. One that was refused for
/// `memory` has not been run.
Result<Report> run(Plan plan, RunOptions options = {});

}  // namespace leat
