#include <leat/runtime/cell.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/layout.hpp>

#include <algorithm>

namespace leat {
namespace {

constexpr auto kStep = std::chrono::milliseconds(1);
// Moves between two looks at the clock.
constexpr int kMoves = 8;

}  // namespace

Cell::Cell(Setup setup)
    : setup_(std::move(setup)),
      activity_(std::make_shared<CellActivity>(all_stages(setup_))),
      closed_(setup_.intakes.size()) {
  for (std::size_t i = 0; i < setup_.intakes.size(); ++i) {
    setup_.intakes[i].closes_when([this, i] { return closes(i); });
  }
  for (std::size_t i = 0; i + 1 < setup_.stages.size(); ++i) setup_.stages[i]->feeds(*setup_.stages[i + 1]);
  for (auto& stage : setup_.stages) stage->traces = &traces_;
  finishing_ = setup_.finished;
  if (setup_.cuts) number_ = setup_.cuts->add_cell();
  give_counters();
}

std::vector<StageId> Cell::all_stages(const Setup& setup) {
  std::vector<StageId> all;
  if (setup.source) all.push_back(setup.source->stage().id());
  for (const auto& stage : setup.stages) all.push_back(stage->id());
  return all;
}

// How long its stages wait is what it does.
void Cell::give_counters() {
  for (const auto& stage : setup_.stages) setup_.job->counted_by(stage->counters(), activity_);
  if (!setup_.source) return;
  // Others pull the source too, and count beside this one.
  source_counters_ = &setup_.job->add_counters(setup_.source->stage().id());
  setup_.job->counted_by(*source_counters_, activity_);
}

Steppable::Next Cell::step() {
  now_ = Clock::now();
  wakes_at_ = Clock::time_point::max();
  resume();
  try {
    return run_until(now_ + kStep);
  } catch (...) {
    fail(current_, error_of_exception());
  }
  return Next::again;
}

Steppable::Next Cell::run_until(Clock::time_point deadline) {
  do {
    for (int i = 0; i < kMoves; ++i) {
      Did did = advance();
      if (did == Did::progress) continue;
      if (did == Did::finished) return Next::quit;
      if (did == Did::waits) now_ = Clock::now();
      if (did == Did::handed_over) rest_ = {Activity::ready, CellActivity::kNone};
      activity_->become(rest_.activity, rest_.what, now_);
      return did == Did::waits ? Next::sleep : Next::again;
    }
    now_ = Clock::now();
  } while (now_ < deadline);
  flush();
  settle(false);
  activity_->become(Activity::ready, CellActivity::kNone, now_);
  return Next::again;
}

Cell::Did Cell::advance() {
  if (ended()) return Did::finished;
  if (setup_.job->failed()) return after_failure();
  if (changes_wait_.load(std::memory_order_acquire)) make_changes();
  std::size_t lowest = setup_.stages.size();
  while (lowest > 0 && setup_.stages[lowest - 1]->inbox.empty()) --lowest;
  // Credit goes up before the chunk goes down: who sent it can make the next one meanwhile.
  if (lowest == 0) close_in_hand();
  if (batch_full()) {
    settle(false);
    if (!flush()) {
      settle(true);
      return waits_for_credit();
    }
    if (more_at_hand()) return Did::handed_over;
  }
  if (overdue()) flush();
  // What is staged must not wait for what may take long, nor must those that it wakes, on this thread.
  if (slow_next(lowest) && sends_some()) return Did::handed_over;
  if (lowest > 0) {
    StageRun& stage = *setup_.stages[lowest - 1];
    if (!rests(stage)) return visit(lowest - 1);
    if (!gives_up()) return waits_later(stage);
    stage.skip();
    return Did::progress;
  }
  Did did = take();
  // What waits for credit has tried to send: did it go well now, nothing would wake the cell to go on.
  bool starved = did == Did::waits && rest_.activity == Activity::credit;
  return did == Did::waits && !starved ? rest() : did;
}

Cell::Did Cell::visit(std::size_t index) {
  StageRun& stage = *setup_.stages[index];
  current_ = &stage;
  activity_->become(Activity::visit, static_cast<std::uint32_t>(index) + (setup_.source ? 1 : 0), now_);
  auto visited = stage.visit(!setup_.keeps_order, now_);
  if (visited) visited = send_out();
  end_visit(stage);
  current_ = nullptr;
  if (!visited) return fail(&stage, std::move(visited).error());
  return Did::progress;
}

Result<void> Cell::send_out() {
  auto& emitted = setup_.stages.back()->emitted();
  Result<void> result;
  if (emitted.empty() || setup_.outflows.empty()) {
    emitted.clear();
    return result;
  }
  Trace of_the_end;
  of_the_end.due = now_ + setup_.job->latency;
  for (StageRun::Emitted& each : emitted) {
    const Trace& trace = each.input < traces_.size() ? traces_[each.input] : of_the_end;
    result = stage(std::move(each.chunk), trace);
    if (!result) break;
  }
  emitted.clear();
  book_split(setup_.stages.back()->counters());
  return result;
}

// A key's work is the emitting stage's: its cell has no time for anything else meanwhile.
void Cell::book_split(StageCounters& counters) {
  bool splits = std::any_of(setup_.outflows.begin(), setup_.outflows.end(),
                            [](const Outflow& outflow) { return outflow.splits(); });
  if (!splits) return;
  auto since = std::exchange(now_, Clock::now());
  counters.busy_ns.add(now_ - since);
}

bool Cell::slow_next(std::size_t lowest) const {
  if (lowest > 0) return !setup_.stages[lowest - 1]->quick();
  return setup_.source && pulled_.empty() && !source_ended_ && !source_quick_;
}

bool Cell::sends_some() {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  for (const Outflow& outflow : setup_.outflows) before += outflow.waiting();
  if (before == 0) return false;
  flush();
  for (const Outflow& outflow : setup_.outflows) after += outflow.waiting();
  return after < before;
}

bool Cell::overdue() const {
  return std::any_of(setup_.outflows.begin(), setup_.outflows.end(),
                     [this](const Outflow& outflow) { return outflow.due() <= now_; });
}

bool Cell::batch_full() const {
  return std::any_of(setup_.outflows.begin(), setup_.outflows.end(), [](const Outflow& outflow) {
    return !outflow.staged().within({kBatch.bytes - 1, kBatch.chunks - 1});
  });
}

bool Cell::flush() {
  bool all = true;
  for (Outflow& outflow : setup_.outflows) all = outflow.flush() && all;
  return all;
}

void Cell::settle(bool idle) {
  for (Intake& intake : setup_.intakes) intake.settle(idle);
}

void Cell::close_in_hand() {
  for (const InHand& item : in_hand_) {
    if (item.from_link) setup_.intakes[item.intake].consumed(item.channel, item.cost);
    if (!setup_.keeps_order || !item.of_region) continue;
    for (Outflow& outflow : setup_.outflows) outflow.stage_done(item.sequence);
  }
  in_hand_.clear();
  traces_.clear();
  for (auto& stage : setup_.stages) stage->inbox.clear();
}

bool Cell::more_at_hand() {
  if (setup_.source && !source_ended_) return true;
  return std::any_of(setup_.intakes.begin(), setup_.intakes.end(),
                     [](Intake& intake) { return intake.ready(); });
}

bool Cell::whole_first_pending() const {
  return std::any_of(setup_.intakes.begin(), setup_.intakes.end(),
                     [](const Intake& intake) { return intake.whole_first() && !intake.ended(); });
}

bool Cell::inputs_ended() const {
  bool links = std::all_of(setup_.intakes.begin(), setup_.intakes.end(),
                           [](const Intake& intake) { return intake.ended(); });
  return links && (!setup_.source || (source_ended_ && pulled_.empty()));
}

Cell::Did Cell::finish() {
  // Who asked for a change has still to wake the cell.
  if (!closes_all()) return waits(Activity::input, nullptr);
  if (finishing_ < setup_.stages.size()) {
    StageRun& stage = *setup_.stages[finishing_];
    if (rests(stage)) {
      if (!gives_up()) return waits_later(stage);
      if (std::exchange(hurried_, finishing_) == finishing_) {
        ++finishing_;
        return Did::progress;
      }
    }
    current_ = &stage;
    sequence_ = OrderedMerge::kAfterAll;
    activity_->become(Activity::visit, place_of(stage), now_);
    auto step = stage.finish(ending_, now_);
    if (!step) return fail(&stage, std::move(step).error());
    if (*step == Step::done) ++finishing_;
    auto delivered = send_out();
    end_visit(stage);
    current_ = nullptr;
    if (!delivered) return fail(&stage, std::move(delivered).error());
    return Did::progress;
  }
  if (!std::exchange(ends_staged_, true)) {
    for (Outflow& outflow : setup_.outflows) outflow.stage_end(ending_);
  }
  settle(true);
  return flush() ? leave() : waits_for_credit();
}

Cell::Did Cell::leave() {
  done_.store(true, std::memory_order_release);
  for (Outflow& outflow : setup_.outflows) outflow.drop();
  for (auto& stage : setup_.stages) stage->inbox.clear();
  pulled_.clear();
  if (!setup_.job->failed()) {
    for (StageId stage : setup_.opens) {
      auto told = guarded([&] { setup_.ended(stage); });
      if (!told) setup_.job->fail(told.error().in("the end of a stage could not be told"));
    }
  }
  activity_->end(now_);
  if (setup_.cuts) setup_.cuts->left(number_);
  setup_.job->cell_finished();
  return Did::finished;
}

Cell::Did Cell::fail(const StageRun* stage, Error error) {
  setup_.job->fail(stage ? stage->named(error) : std::move(error), stage ? trace_of(*stage) : Trace());
  return Did::progress;
}

// Of the chunk that the stage visits next, or has failed at.
Trace Cell::trace_of(const StageRun& stage) const {
  if (stage.inbox.empty()) return {};
  std::size_t input = stage.inbox.front().input;
  return input < traces_.size() ? traces_[input] : Trace();
}

// Chunks in hand that their source gave before the one the job has failed at are visited still, for what is wrong
// with them: the first of several errors does not depend on which thread was quicker.
Cell::Did Cell::after_failure() {
  for (std::size_t i = setup_.stages.size(); i-- > 0;) {
    StageRun& stage = *setup_.stages[i];
    if (stage.inbox.empty()) continue;
    if (stage.rests() || !setup_.job->failed_after(trace_of(stage))) {
      stage.inbox.clear();
      continue;
    }
    current_ = &stage;
    activity_->become(Activity::visit, place_of(stage), now_);
    auto visited = stage.visit(false, now_);
    current_ = nullptr;
    setup_.stages.back()->emitted().clear();
    if (visited) return Did::progress;
    fail(&stage, std::move(visited).error());
    stage.inbox.clear();
    return Did::progress;
  }
  return leave();
}

void Cell::disconnect() {
  {
    std::lock_guard lock(changing_);
    changes_.clear();
  }
  setup_.outflows.clear();
  setup_.intakes.clear();
}

}  // namespace leat
