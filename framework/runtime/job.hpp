/// A job: one node's share of a plan turned into cells and links.
#pragma once

#include <leat/graph/elastic.hpp>
#include <leat/runtime/crew.hpp>
#include <leat/runtime/cut_gates.hpp>
#include <leat/runtime/cuts.hpp>
#include <leat/runtime/job_actors.hpp>
#include <leat/runtime/job_channels.hpp>
#include <leat/runtime/job_commit.hpp>
#include <leat/runtime/job_growth.hpp>
#include <leat/runtime/published.hpp>
#include <leat/runtime/run.hpp>
#include <leat/runtime/share.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// A plan without placement, or placed on one node, is here as a whole. Of one placed on several, the
/// replicas that are on share.me are here, and their ends of channels.
///
///   Job job(plan, share);
///   job.state().on_finished = [] { tell the one who waits };
///   job.build(*crew); links->start(); job.start();
///   ... finished: crew.reset(), then commit() when no share has failed or was interrupted
///
/// While it runs its pools may grow and shrink, chunk by chunk, with order and counts intact. Every node
/// with a share is told the same growths and shrinkings in the same order, one at a time:
///
///   prepare(growth) on all, then receive() on all, then attach() on all; or abandon() where one refused
///   retire(shrinking) on all
///
/// Threads: one at a time, but for gate_ended(), state(), progress(), snapshot(), tap() and usage(), which are for any
/// once it is constructed. The crew goes before the job; `share.links` may go after the crew.
class Job {
 public:
  explicit Job(Plan plan, Share share = {});
  ~Job();

  /// Makes actors, cells and links. Errors: those of Actor::start and whatever is thrown; a source that
  /// lives here and was not probed here, or has been run before; other nodes without links to them. After an
  /// error the job has failed, and its cells leave.
  Result<void> build(Crew& crew);
  void start() { state_->start(); }

  /// Makes the upper ends of the growth's channels that are here. Of one node that has built its share from
  /// the grown plan, none of these calls: start() is its attach(). Before it, and between the following
  /// ones, no other growth.
  void prepare(const Growth& growth);
  /// Makes their lower ends: whoever is below waits for the new replica from now on. Makes its actors, when
  /// it is here. Errors: those of making and starting an actor, which fail the job; failed when it is too
  /// late, as what it would join has ended. After an error, abandon().
  Result<void> receive();
  /// Lets the new replica run, and who is above send to it.
  void attach();
  /// Ends the growth's channels; its replica will not be, and its numbers stay taken.
  void abandon();
  /// The share was built from a growth that came too late elsewhere: its replica, which is here, gets
  /// nothing and ends by itself; its numbers stay taken. After start().
  void abandon(const ReplicaId& replica);
  /// All of these, where the whole job is here. Errors: as receive(); where it is too late the job goes on
  /// without the replica.
  Result<void> grow(const Growth& growth);
  /// Lets a replica end: what is under way to it is still done.
  void retire(const Shrinking& shrinking);

  /// One replica of a stage that others wait for has ended on another node.
  void gate_ended(StageId stage);

  /// Failing it drops all that is in flight here; interrupting it ends the sources that live here.
  JobState& state() { return *state_; }
  /// What is done here: sum() adds it to what the other nodes say. A source whose extent() throws fails
  /// the job.
  Progress progress() const;
  /// What the cells, channels and threads here do: joined() adds it to what the other nodes say. It makes none of them
  /// wait, whatever they are at.
  JobSnapshot snapshot() const;
  /// The first rows that a stage emits here from now on; `place`: as tapped_stage() has it. Errors: those of
  /// tapped_stage().
  Result<std::shared_ptr<Tap>> tap(const std::string& place, std::size_t rows, Tap::Reader reader);
  /// The stage here whose code touched most memory that was new; "" before any did.
  std::string touched_most() const;
  /// What the job's pool holds.
  PoolUsage usage() const { return pool_->usage(); }
  /// Of a whole cut: what is kept of it, and what its sinks have sealed. Those that have ended seal now what they wrote last.
  /// Errors: those of a seal or of a source; what was sealed before stands in `sealed` all the same. Threads: any one, while
  /// cells run.
  Result<Cut> cut_of(WholeCut whole, std::vector<Sealed>& sealed);
  /// By actors that are made for it: see JobActors.
  Result<void> commit(const Sealed& sealed) { return actors_.commit(sealed); }
  Result<void> abort(const Sealed& sealed) { return actors_.abort(sealed); }
  /// Whether that sink's replica is here.
  bool seals(const Sealed& sealed) const;
  /// What its sinks here, one name each replica, have sealed or would have for that cut, but the last.
  std::vector<Sealed> sealed_for(std::uint32_t epoch, std::uint64_t n) const;
  /// As seal(), with cuts: all that is not sealed by one is, under the nth; adds it to `sealed`. What is then published is
  /// committed by its names.
  Result<void> seal_last(std::uint64_t n, std::vector<Sealed>& sealed);

  /// After all cells here have finished, the job neither interrupted nor failed: every stage seals what it
  /// has written. Errors: the first; what was sealed before is thrown away.
  Result<void> seal() { return commit_.seal(); }
  /// After all nodes have sealed: commits every stage, up to the first that cannot. Errors: its own, with the
  /// names of the sinks here that are committed and of those that are not.
  Result<void> commit() { return commit_.commit(); }
  /// Throws away what seal() has sealed, unless it is committed. let_go() and the destructor do it too.
  void abort() { commit_.abort(); }
  /// After the crew has gone, and after it no other call: destroys actors and sources. Errors: the first
  /// that a destructor throws; all the others are destroyed nevertheless.
  Result<void> let_go();
  const Plan& plan() const { return plan_; }

 private:
  bool is_source(StageId id) const { return bool(plan_.checked.graph.stages()[id].kind.source); }
  // Whether the cell's source, which it begins with, lives here.
  bool source_here(CellId cell) const;
  std::vector<StageId> gates_of(CellId cell) const;
  void make_gates();
  void make_sources();
  Result<void> can_run() const;
  Result<void> can_be_cut() const;
  OutputName sealed_as() const { return {share_.job, share_.epoch, 0, 0, false}; }
  const Stage* stage_named(const std::string& name) const;
  bool is_sink(const std::string& stage) const;
  std::size_t finished(const JobActors::Stages& stages) const;
  Result<void> add_ended(Cell& cell, std::uint64_t n, Cut& cut, std::vector<Sealed>& sealed);
  Result<void> build_all();
  Result<void> build_cells();
  void cell(const ReplicaId& replica, JobActors::Stages stages);
  void host(Cell::Setup setup, CellSlot& slot, bool detached);
  std::size_t replicas_here(StageId id) const;
  void count_sent(Progress& progress) const;

  mutable std::mutex planned_;  // what progress() reads of the plan, and ending_
  Plan plan_;
  Share share_;
  Crew* crew_ = nullptr;
  std::shared_ptr<Pool> pool_;
  std::vector<std::shared_ptr<Gate>> gates_;            // by stage; null where nobody waits
  std::vector<std::shared_ptr<PulledSource>> sources_;  // by stage; null where it does not live here
  std::unique_ptr<JobState> state_;
  Published published_;
  JobChannels channels_;
  JobActors actors_;
  std::vector<std::shared_ptr<Cell>> cells_;
  JobCommit commit_;
  std::optional<JobGrowth> growth_;                               // under way
  std::vector<std::pair<CellId, std::shared_ptr<Cell>>> ending_;  // replicas here that were told to end
  std::chrono::steady_clock::time_point started_;
};

}  // namespace leat
