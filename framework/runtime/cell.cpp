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
    : setup_(std::move(setup)), closed_(setup_.intakes.size()), rested_(Clock::now()) {
  for (std::size_t i = 0; i < setup_.intakes.size(); ++i) {
    setup_.intakes[i].closes_when([this, i] { return closes(i); });
  }
  for (std::size_t i = 0; i + 1 < setup_.stages.size(); ++i) setup_.stages[i]->feeds(*setup_.stages[i + 1]);
  for (auto& stage : setup_.stages) stage->traces = &traces_;
  counters_ = all_counters();
}

std::vector<StageCounters*> Cell::all_counters() {
  std::vector<StageCounters*> all;
  for (const auto& stage : setup_.stages) all.push_back(&stage->counters());
  if (setup_.source) {
    // Others pull the source too, and count beside this one.
    source_counters_ = &setup_.job->add_counters(setup_.source->stage().id());
    all.push_back(source_counters_);
  }
  return all;
}

Steppable::Next Cell::step() {
  now_ = Clock::now();
  wakes_at_ = Clock::time_point::max();
  account(rest_);
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
      if (did == Did::handed_over) {
        rested_ = {};
        return Next::again;
      }
      rest_ = did;
      rested_ = now_ = Clock::now();
      return Next::sleep;
    }
    now_ = Clock::now();
  } while (now_ < deadline);
  flush();
  settle(false);
  rested_ = {};
  return Next::again;
}

void Cell::account(Did rest) {
  if (rested_ == Clock::time_point()) return;
  for (StageCounters* counters : counters_) {
    (rest == Did::waits_for_credit ? counters->waiting_ns : counters->idle_ns).add(now_ - rested_);
  }
}

Cell::Did Cell::advance() {
  if (ended()) return Did::finished;
  if (setup_.job->failed()) return leave();
  if (changes_wait_.load(std::memory_order_acquire)) make_changes();
  std::size_t lowest = setup_.stages.size();
  while (lowest > 0 && setup_.stages[lowest - 1]->inbox.empty()) --lowest;
  // Credit goes up before the chunk goes down: who sent it can make the next one meanwhile.
  if (lowest == 0) close_in_hand();
  if (batch_full()) {
    settle(false);
    if (!flush()) {
      settle(true);
      return Did::waits_for_credit;
    }
    if (more_at_hand()) return Did::handed_over;
  }
  if (overdue()) flush();
  // What is staged must not wait for what may take long, nor must those that it wakes, on this thread.
  if (slow_next(lowest) && sends_some()) return Did::handed_over;
  if (lowest > 0) return rests(*setup_.stages[lowest - 1]) ? rest() : visit(lowest - 1);
  Did did = take();
  return did == Did::waits_for_input ? rest() : did;
}

// True while what the stage's last step waits for has not come; the cell is woken then.
bool Cell::rests(const StageRun& stage) {
  if (!stage.rests()) return false;
  now_ = Clock::now();
  if (stage.later().due(now_)) return false;
  wakes_at_ = std::min(wakes_at_, stage.later().at());
  return true;
}

// Before it rests a cell sends what it has and returns what it owes.
Cell::Did Cell::rest() {
  for (auto& stage : setup_.stages) stage->tell(now_);
  settle(true);
  return flush() ? Did::waits_for_input : Did::waits_for_credit;
}

Cell::Did Cell::visit(std::size_t index) {
  StageRun& stage = *setup_.stages[index];
  current_ = &stage;
  auto visited = stage.visit(!setup_.keeps_order, now_);
  if (visited) visited = send_out();
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

// On every edge down.
inline Result<void> Cell::stage(Chunk&& chunk, const Trace& trace) {
  for (std::size_t i = 0; i + 1 < setup_.outflows.size(); ++i) {
    if (auto ok = setup_.outflows[i].stage(chunk, sequence_, now_, trace); !ok) return ok;
  }
  return setup_.outflows.back().stage(std::move(chunk), sequence_, now_, trace);
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

// A chunk comes to a stage, and is in hand until all that is made of it has gone on.
inline Trace& Cell::take_in(StageRun& stage, std::size_t port, Chunk&& chunk, const Trace& trace) {
  stage.inbox.push(std::move(chunk), static_cast<std::uint16_t>(traces_.size()), static_cast<std::uint8_t>(port), false);
  return traces_.emplace_back(trace);
}

// Where order is not kept, all of one channel is one.
inline void Cell::hold(std::size_t intake, std::size_t channel, const Frame& frame, bool of_region) {
  if (!setup_.keeps_order && !in_hand_.empty()) {
    InHand& last = in_hand_.back();
    if (last.intake == intake && last.channel == channel) return void(last.cost += frame.cost());
  }
  in_hand_.push_back({intake, channel, frame.cost(), true, frame.sequence, of_region});
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

Cell::Did Cell::take() {
  bool gated = std::any_of(setup_.gates.begin(), setup_.gates.end(),
                           [](const auto& gate) { return !gate->open(); });
  if (gated) return Did::waits_for_input;
  if (take_frames(true)) return Did::progress;
  if (whole_first_pending()) return Did::waits_for_input;
  if (setup_.source && !(source_ended_ && pulled_.empty())) return take_from_source();
  if (take_frames(false)) return Did::progress;
  if (inputs_ended()) return finish();
  return Did::waits_for_input;
}

// One large chunk, or a batch of small ones; in an ordered region one chunk.
bool Cell::take_frames(bool whole_first) {
  taken_ = {};
  std::size_t count = setup_.intakes.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t index = (turn_ + i) % count;
    if (setup_.intakes[index].whole_first() != whole_first) continue;
    while (take_from(index)) {
      turn_ = index + 1;
      if (setup_.keeps_order || !taken_.within({kBatch.bytes - 1, kBatch.chunks - 1})) return true;
    }
  }
  return taken_.chunks > 0;
}

bool Cell::take_from(std::size_t index) {
  Intake& intake = setup_.intakes[index];
  if (intake.ended()) return false;
  auto arrived = intake.next();
  if (!arrived.frame) {
    if (intake.ended() && intake.ending() == Ending::interrupted) ending_ = Ending::interrupted;
    return false;
  }
  Frame& frame = *arrived.frame;
  // What a build side brings is not of the region's sequence and must not end one; what is made of it
  // comes before all numbers.
  sequence_ = intake.whole_first() ? 0 : frame.sequence;
  StageRun& stage = *setup_.stages[intake.stage()];
  if (frame.since != Clock::time_point()) stage.queued(now_ - frame.since);
  taken_ += frame.cost();
  hold(index, arrived.channel, frame, !intake.whole_first());
  Trace& trace = take_in(stage, intake.port(), std::move(frame.chunk), frame.trace);
  // A frame from another node does not say how long it may take.
  if (trace.due == Clock::time_point::max()) trace.due = now_ + setup_.job->latency;
  return true;
}

// False, and `instead` is what became of it, when there is nothing of the source's to hand on.
bool Cell::pull(Did& instead) {
  current_ = &setup_.source->stage();
  auto pulled = pulled_.push_with([&](std::vector<StageRun::Emitted>& into) {
    return setup_.source->pull(into, *setup_.job, setup_.wake, now_);
  });
  current_ = nullptr;
  if (!pulled) {
    instead = fail(&setup_.source->stage(), std::move(pulled).error());
    return false;
  }
  for (StageCounters* counters : counters_) counters->idle_ns.add(pulled->waited);
  pulled_sequence_ = pulled->first;
  source_quick_ = pulled->quick;
  source_ended_ = pulled->ended;
  if (pulled->ending == Ending::interrupted) ending_ = Ending::interrupted;
  instead = Did::progress;
  if (pulled->later == Clock::time_point::min()) return !pulled_.empty();
  wakes_at_ = std::min(wakes_at_, pulled->later);
  if (pulled->later > now_) instead = Did::waits_for_input;
  return false;
}

Cell::Did Cell::take_from_source() {
  Did instead = Did::progress;
  if (pulled_.empty() && !pull(instead)) return instead;
  std::size_t count = setup_.keeps_order ? 1 : pulled_.size();
  Trace trace{static_cast<std::uint32_t>(setup_.source->stage().id()), 0, now_ + setup_.job->latency};
  for (; count > 0; --count) {
    sequence_ = trace.number = pulled_sequence_++;
    Chunk& chunk = pulled_.next().chunk;
    if (!setup_.stages.empty()) {
      StageRun& first = *setup_.stages[0];
      if (setup_.keeps_order) in_hand_.push_back({0, 0, {}, false, sequence_, true});
      take_in(first, first.chained_port, std::move(chunk), trace);
      continue;
    }
    if (setup_.outflows.empty()) continue;
    if (auto ok = stage(std::move(chunk), trace); !ok) return fail(&setup_.source->stage(), ok.error());
  }
  if (setup_.stages.empty()) book_split(*source_counters_);
  return Did::progress;
}

Cell::Did Cell::finish() {
  // Who asked for a change has still to wake the cell.
  if (!closes_all()) return Did::waits_for_input;
  if (finishing_ < setup_.stages.size()) {
    StageRun& stage = *setup_.stages[finishing_];
    if (rests(stage)) return rest();
    current_ = &stage;
    sequence_ = OrderedMerge::kAfterAll;
    auto step = stage.finish(ending_, now_);
    if (!step) return fail(&stage, std::move(step).error());
    if (*step == Step::done) ++finishing_;
    auto delivered = send_out();
    current_ = nullptr;
    if (!delivered) return fail(&stage, std::move(delivered).error());
    return Did::progress;
  }
  if (!std::exchange(ends_staged_, true)) {
    for (Outflow& outflow : setup_.outflows) outflow.stage_end(ending_);
  }
  settle(true);
  return flush() ? leave() : Did::waits_for_credit;
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
  setup_.job->cell_finished();
  return Did::finished;
}

Cell::Did Cell::fail(const StageRun* stage, Error error) {
  setup_.job->fail(stage ? stage->named(error) : std::move(error));
  return Did::progress;
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
