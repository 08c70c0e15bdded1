/// The slot of one replica's cell in a job: what its links need before it is there, and then the cell.
#pragma once

#include <leat/runtime/cell.hpp>
#include <leat/runtime/crew.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace leat {

///   ... ends of channels that call slot.wake(); slot.add_intake(link, ...); slot.add_outflow(link, ...);
///   slot.make_cell(setup); slot.host(crew, detached);
///   slot.change(change);   // while it runs
///
/// Threads: one at a time, that of the job; the wakes are for any.
class CellSlot {
 public:
  /// Wakes the cell; before it is hosted, nothing. For who may be quicker than the building of the job.
  Wake wake() const;
  /// For channels within this process: nothing moves on them before both cells are hosted.
  Wakes local_wakes() const;

  /// What the cell will have; `link`: index into Layout::links.
  void add_intake(std::size_t link, Intake intake);
  void add_outflow(std::size_t link, Outflow outflow);
  /// Makes the cell, with these and with wake().
  const std::shared_ptr<Cell>& make_cell(Cell::Setup setup);
  /// Hosts it, asleep: returns its wakes. Throws what Crew::host throws.
  const Wakes& host(Crew& crew, bool detached);
  /// Null before it is made.
  const std::shared_ptr<Cell>& cell() const { return cell_; }

  /// As Cell::change, and wakes it. False, too, where the cell is not made.
  bool change(Change& change);
  /// The link's index among the cell's intakes, as Change has it.
  std::size_t intake_of(std::size_t link) const;
  std::size_t outflow_of(std::size_t link) const;

 private:
  // Shared with the ends of channels, which may outlive the job.
  struct CellWakes {
    Wakes wakes;
    std::atomic<bool> hosted{false};
  };

  std::shared_ptr<CellWakes> wakes_ = std::make_shared<CellWakes>();
  std::vector<Intake> intakes_;
  std::vector<Outflow> outflows_;
  std::vector<std::size_t> intake_links_;  // by intake
  std::vector<std::size_t> outflow_links_;
  std::shared_ptr<Cell> cell_;
};

}  // namespace leat
