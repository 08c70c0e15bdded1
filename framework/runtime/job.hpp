/// A job: a plan turned into cells and links.
#pragma once

#include <leat/runtime/cell.hpp>
#include <leat/runtime/crew.hpp>
#include <leat/runtime/run.hpp>

#include <memory>
#include <vector>

namespace leat {

/// Threads: that of run(); its cells live on the crew's.
class Job {
 public:
  explicit Job(Plan plan);
  ~Job();

  /// Makes actors, cells and links. Errors: those of Actor::start.
  Result<void> build(Crew& crew);
  void start() { state_->wake_all(); }
  JobState& state() { return *state_; }
  Progress progress() const;
  /// After all cells have finished: commits every stage.
  Result<void> commit();
  const Plan& plan() const { return plan_; }

 private:
  Result<std::unique_ptr<StageRun>> stage(StageId id, std::size_t replica);
  StageRun::Setup setup(StageId id) const;
  void link(const LinkPlan& link);
  Result<void> cell(CellId id);
  std::size_t index_in_cell(StageId id) const;

  // Everything a cell needs before it exists: one entry a replica.
  struct Berth {
    std::shared_ptr<Wakes> wakes = std::make_shared<Wakes>();
    std::vector<Intake> intakes;
    std::vector<Outflow> outflows;
  };

  Plan plan_;
  std::shared_ptr<Pool> pool_;
  std::unique_ptr<JobState> state_;
  std::vector<std::shared_ptr<Gate>> gates_;            // by stage; null where nobody waits
  std::vector<std::shared_ptr<PulledSource>> sources_;  // by stage
  std::vector<std::vector<Berth>> berths_;              // by cell
  std::vector<std::shared_ptr<Cell>> cells_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace leat
