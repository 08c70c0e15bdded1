// What a cell waits for, and what it does before it rests.
#include <leat/runtime/cell.hpp>

#include <algorithm>

namespace leat {
namespace {

// How long a stage may go on waiting in a run that is interrupted.
constexpr auto kPatience = std::chrono::seconds(1);

}  // namespace

void Cell::resume() {
  auto starved = activity_->resume(now_);
  if (starved_) std::exchange(starved_, nullptr)->waited(starved);
}

// True while what the stage's last step waits for has not come; the cell is woken then.
bool Cell::rests(const StageRun& stage) {
  if (!stage.rests()) return false;
  now_ = Clock::now();
  if (stage.later().due(now_)) return false;
  wakes_at_ = std::min(wakes_at_, stage.later().at());
  return true;
}

// True when what a stage waits for may never come, and the run is to end: its chunk is dropped, as nothing is
// committed. It had some time, and who comes after it none.
bool Cell::gives_up() {
  if (!setup_.job->interrupted()) return false;
  if (gives_up_at_ == Clock::time_point::max()) gives_up_at_ = now_ + kPatience;
  if (now_ < gives_up_at_) {
    wakes_at_ = std::min(wakes_at_, gives_up_at_);
    return false;
  }
  ending_ = Ending::interrupted;
  return true;
}

// Before it rests a cell sends what it has and returns what it owes.
Cell::Did Cell::rest() {
  for (auto& stage : setup_.stages) stage->tell(now_);
  settle(true);
  return flush() ? Did::waits : waits_for_credit();
}

Cell::Did Cell::waits(Activity activity, const ChannelMeter* channel) {
  rest_ = {activity, channel ? channel->channel : CellActivity::kNone};
  return Did::waits;
}

Cell::Did Cell::waits_for_credit() {
  auto blocked = std::find_if(setup_.outflows.begin(), setup_.outflows.end(),
                              [](const Outflow& outflow) { return !outflow.empty(); });
  starved_ = blocked == setup_.outflows.end() ? nullptr : blocked->waits_for();
  return waits(Activity::credit, starved_);
}

Cell::Did Cell::waits_later(const StageRun& stage) {
  rest_ = {Activity::later, place_of(stage)};
  return rest();
}

// In CellActivity::stages().
std::uint32_t Cell::place_of(const StageRun& stage) const {
  const auto& stages = activity_->stages();
  return static_cast<std::uint32_t>(std::find(stages.begin(), stages.end(), stage.id()) - stages.begin());
}

void Cell::end_visit(const StageRun& stage) {
  activity_->become(Activity::move, CellActivity::kNone, now_);
  if (!stage.rests()) activity_->moved();
}

}  // namespace leat
