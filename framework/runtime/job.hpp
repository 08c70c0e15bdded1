/// A job: one node's share of a plan turned into cells and links.
#pragma once

#include <leat/runtime/cell.hpp>
#include <leat/runtime/crew.hpp>
#include <leat/runtime/run.hpp>
#include <leat/runtime/share.hpp>

#include <atomic>
#include <memory>
#include <vector>

namespace leat {

/// A plan without placement, or placed on one node, is here as a whole. Of one placed on several, the
/// replicas that are on share.me are here, their ends of channels, and the feeders of sources that live
/// here.
///
///   Job job(plan, share);
///   job.state().on_finished = [] { tell the one who waits };
///   job.build(*crew); links->start(); job.start();
///   ... finished: crew.reset(), then commit() when no share has failed or was interrupted
///
/// Threads: one at a time, but for gate_ended(), state(), progress() and usage(), which are for any once
/// it is constructed. The crew goes before the job; `share.links` may go after the crew.
class Job {
 public:
  explicit Job(Plan plan, Share share = {});
  ~Job();

  /// Makes actors, cells and links. Errors: those of Actor::start; a source that lives here and was not
  /// probed here; other nodes without links to them. After an error the job has failed, and its cells
  /// leave.
  Result<void> build(Crew& crew);
  void start() { state_->start(); }

  /// One replica of a stage that others wait for has ended on another node.
  void gate_ended(StageId stage);

  /// Failing it drops all that is in flight here; interrupting it ends the sources that live here.
  JobState& state() { return *state_; }
  /// What is done here: sum() adds it to what the other nodes say.
  Progress progress() const;
  /// What the job's pool holds.
  PoolUsage usage() const { return pool_->usage(); }
  /// After all cells of all nodes have finished: commits every stage.
  Result<void> commit();
  const Plan& plan() const { return plan_; }

 private:
  // A cell's wakes, which its links get before it is hosted.
  struct Bell {
    Wakes wakes;
    std::atomic<bool> hung{false};
  };
  // Everything a cell needs before it exists.
  struct Berth {
    std::shared_ptr<Bell> bell = std::make_shared<Bell>();
    std::vector<Intake> intakes;
    std::vector<Outflow> outflows;
  };
  struct Ends {
    std::unique_ptr<Sender> sender;
    std::unique_ptr<Receiver> receiver;
  };

  bool is_source(StageId id) const { return bool(plan_.checked.graph.stages()[id].kind.source); }
  bool here(CellId cell, std::size_t replica) const {
    return plan_.placement.node_of[cell][replica] == share_.me;
  }
  // Whether the cell's source, which it begins with, lives here.
  bool source_here(CellId cell) const;
  void make_gates();
  void make_sources();
  Result<void> can_run() const;
  Result<void> build_cells(Crew& crew);
  Result<std::unique_ptr<StageRun>> stage(StageId id, std::size_t replica);
  StageRun::Setup setup(StageId id) const;
  ChannelSpec spec(const ChannelPlan& channel) const;
  // Both ends of a channel, one or none: those that are here.
  Ends ends(const ChannelPlan& channel, const Berth& above, const Berth& below);
  void link(const LinkPlan& link, const std::vector<const ChannelPlan*>& channels);
  void feed(CellId cell, const std::vector<const ChannelPlan*>& channels);
  void make_links();
  Result<void> cell(CellId id, std::size_t replica, Crew& crew);
  void feeder(CellId id, Crew& crew);
  void host(Cell::Setup setup, Berth& berth, bool detached, Crew& crew);
  std::size_t index_in_cell(StageId id) const;
  std::size_t replicas_here(StageId id) const;

  Plan plan_;
  Share share_;
  std::shared_ptr<Pool> pool_;
  std::vector<std::shared_ptr<Gate>> gates_;            // by stage; null where nobody waits
  std::vector<std::shared_ptr<PulledSource>> sources_;  // by stage; null where it does not live here
  std::unique_ptr<JobState> state_;
  std::vector<std::vector<Berth>> berths_;  // by cell, by replica
  std::vector<Berth> feeders_;              // by cell
  std::vector<std::shared_ptr<Cell>> cells_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace leat
