#include <leat/runtime/cell_slot.hpp>

#include <algorithm>

namespace leat {
namespace {

std::size_t place_of(const std::vector<std::size_t>& links, std::size_t link) {
  return static_cast<std::size_t>(std::find(links.begin(), links.end(), link) - links.begin());
}

}  // namespace

Wake CellSlot::wake() const {
  return [cell = wakes_] {
    if (cell->hosted.load(std::memory_order_acquire)) cell->wakes.anywhere();
  };
}

Wakes CellSlot::local_wakes() const {
  return {[cell = wakes_] { cell->wakes.anywhere(); }, [cell = wakes_] { cell->wakes.here(); }};
}

void CellSlot::add_intake(std::size_t link, Intake intake) {
  intakes_.push_back(std::move(intake));
  intake_links_.push_back(link);
}

void CellSlot::add_outflow(std::size_t link, Outflow outflow) {
  outflows_.push_back(std::move(outflow));
  outflow_links_.push_back(link);
}

const std::shared_ptr<Cell>& CellSlot::make_cell(Cell::Setup setup) {
  setup.wake = wake();
  setup.intakes = std::move(intakes_);
  setup.outflows = std::move(outflows_);
  setup.intake_links = intake_links_;
  setup.outflow_links = outflow_links_;
  cell_ = std::make_shared<Cell>(std::move(setup));
  return cell_;
}

const Wakes& CellSlot::host(Crew& crew, bool detached) {
  wakes_->wakes = crew.host(cell_, detached);
  wakes_->hosted.store(true, std::memory_order_release);
  return wakes_->wakes;
}

bool CellSlot::change(Change& change) {
  if (!cell_ || !cell_->change(change)) return false;
  wakes_->wakes.anywhere();
  return true;
}

std::size_t CellSlot::intake_of(std::size_t link) const { return place_of(intake_links_, link); }

std::size_t CellSlot::outflow_of(std::size_t link) const { return place_of(outflow_links_, link); }

}  // namespace leat
