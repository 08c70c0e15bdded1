#include <leat/runtime/cell.hpp>

#include <leat/graph/layout.hpp>

#include <algorithm>
#include <exception>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kStep = std::chrono::milliseconds(1);
// Reading the clock costs as much as moving a small chunk: look at it every so many moves.
constexpr int kMoves = 32;

}  // namespace

Cell::Cell(Setup setup) : setup_(std::move(setup)), rested_(Clock::now()) {}

Steppable::Next Cell::step() {
  account(rest_);
  try {
    return run_until(Clock::now() + kStep);
  } catch (const std::bad_alloc&) {
    fail(current_, overloaded("the system has no more memory: run with a lower --memory"));
  } catch (const std::exception& error) {
    fail(current_, failed(std::string("threw an exception: ") + error.what()));
  } catch (...) {
    fail(current_, failed("threw something that is not a std::exception"));
  }
  return Next::again;
}

Steppable::Next Cell::run_until(Clock::time_point deadline) {
  do {
    for (int i = 0; i < kMoves; ++i) {
      Did did = advance();
      if (did == Did::progress) continue;
      if (did == Did::finished) return Next::quit;
      rest_ = did;
      rested_ = Clock::now();
      return Next::sleep;
    }
  } while (Clock::now() < deadline);
  flush();
  settle(false);
  rested_ = {};
  return Next::again;
}

void Cell::account(Did rest) {
  if (rested_ == Clock::time_point()) return;
  auto spent = static_cast<std::uint64_t>((Clock::now() - rested_).count());
  for (std::size_t id : setup_.members) {
    StageCounters& counters = setup_.job->counters[id];
    auto& counter = rest == Did::waits_for_credit ? counters.waiting_ns : counters.idle_ns;
    counter.fetch_add(spent, std::memory_order_relaxed);
  }
}

Cell::Did Cell::advance() {
  if (done_) return Did::finished;
  if (setup_.job->failed()) return leave();
  if (batch_full() && !flush()) {
    settle(true);
    return Did::waits_for_credit;
  }
  for (std::size_t i = setup_.stages.size(); i-- > 0;) {
    if (!setup_.stages[i]->inbox.empty()) return visit(i);
  }
  close_in_hand();
  Did did = take();
  if (did != Did::waits_for_input) return did;
  // Before it rests a cell sends what it has and returns what it owes.
  settle(true);
  if (!flush()) return Did::waits_for_credit;
  return Did::waits_for_input;
}

Cell::Did Cell::visit(std::size_t index) {
  StageRun& stage = *setup_.stages[index];
  current_ = &stage;
  auto visited = stage.visit();
  if (visited) visited = deliver(index + 1, stage.emitted());
  current_ = nullptr;
  if (!visited) return fail(&stage, std::move(visited).error());
  return Did::progress;
}

Result<void> Cell::deliver(std::size_t below, std::vector<Chunk>& chunks) {
  if (chunks.empty()) return {};
  Result<void> result;
  std::uint64_t bytes = 0;
  for (Chunk& chunk : chunks) {
    bytes += chunk.footprint();
    if (below < setup_.stages.size()) {
      setup_.stages[below]->inbox.push({std::move(chunk), 0, 0, true});
      continue;
    }
    for (Outflow& outflow : setup_.outflows) {
      if (result) result = outflow.stage(chunk, in_hand_.sequence);
    }
  }
  if (below > 0) {
    StageCounters& counters = setup_.stages[below - 1]->counters();
    counters.chunks_out.fetch_add(chunks.size(), std::memory_order_relaxed);
    counters.bytes_out.fetch_add(bytes, std::memory_order_relaxed);
  }
  chunks.clear();
  return result;
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
  if (!in_hand_.open) return;
  in_hand_.open = false;
  if (in_hand_.from_link) setup_.intakes[in_hand_.intake].consumed(in_hand_.channel, in_hand_.cost);
  if (!setup_.keeps_order || !in_hand_.of_region) return;
  for (Outflow& outflow : setup_.outflows) outflow.stage_done(in_hand_.sequence);
}

bool Cell::whole_first_pending() const {
  return std::any_of(setup_.intakes.begin(), setup_.intakes.end(),
                     [](const Intake& intake) { return intake.whole_first() && !intake.ended(); });
}

bool Cell::inputs_ended() const {
  bool links = std::all_of(setup_.intakes.begin(), setup_.intakes.end(),
                           [](const Intake& intake) { return intake.ended(); });
  return links && (!setup_.source || (source_ended_ && pulled_head_ == pulled_.size()));
}

Cell::Did Cell::take() {
  bool gated = std::any_of(setup_.gates.begin(), setup_.gates.end(),
                           [](const auto& gate) { return !gate->open(); });
  if (gated) return Did::waits_for_input;
  if (take_frame(true)) return Did::progress;
  if (whole_first_pending()) return Did::waits_for_input;
  if (setup_.source && !(source_ended_ && pulled_head_ == pulled_.size())) return take_from_source();
  if (take_frame(false)) return Did::progress;
  if (inputs_ended()) return finish();
  return Did::waits_for_input;
}

bool Cell::take_frame(bool whole_first) {
  std::size_t count = setup_.intakes.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t index = (turn_ + i) % count;
    Intake& intake = setup_.intakes[index];
    if (intake.whole_first() != whole_first || intake.ended()) continue;
    auto arrived = intake.next();
    if (intake.ended() && intake.ending() == Ending::interrupted) ending_ = Ending::interrupted;
    if (!arrived) continue;
    turn_ = index + 1;
    Frame& frame = arrived->frame;
    // What a build side brings is not of the region's sequence and must not end one.
    in_hand_ = {index, arrived->channel, frame.cost(), true, frame.sequence, true, !whole_first};
    setup_.stages[intake.stage()]->inbox.push({std::move(frame.chunk), intake.port(), 0, false});
    return true;
  }
  return false;
}

Cell::Did Cell::take_from_source() {
  if (pulled_head_ == pulled_.size()) {
    pulled_.clear();
    pulled_head_ = 0;
    auto pulled = setup_.source->pull(pulled_, *setup_.job);
    if (!pulled) return fail(nullptr, std::move(pulled).error());
    pulled_sequence_ = pulled->first;
    source_ended_ = pulled->ended;
    if (pulled->ending == Ending::interrupted) ending_ = Ending::interrupted;
    if (pulled_.empty()) return Did::progress;
  }
  in_hand_ = {0, 0, {}, false, pulled_sequence_ + pulled_head_, true, true};
  Chunk chunk = std::move(pulled_[pulled_head_++]);
  if (!setup_.stages.empty()) {
    setup_.stages[0]->inbox.push({std::move(chunk), 0, 0, false});
    return Did::progress;
  }
  for (Outflow& outflow : setup_.outflows) {
    if (auto ok = outflow.stage(chunk, in_hand_.sequence); !ok) return fail(nullptr, ok.error());
  }
  return Did::progress;
}

Cell::Did Cell::finish() {
  if (finishing_ < setup_.stages.size()) {
    StageRun& stage = *setup_.stages[finishing_];
    current_ = &stage;
    in_hand_ = {};
    in_hand_.sequence = OrderedMerge::kAfterAll;
    auto step = stage.finish(ending_);
    if (!step) return fail(&stage, std::move(step).error());
    auto delivered = deliver(finishing_ + 1, stage.emitted());
    if (*step == Step::done) ++finishing_;
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
  done_ = true;
  for (Outflow& outflow : setup_.outflows) outflow.drop();
  for (auto& stage : setup_.stages) stage->inbox.clear();
  pulled_.clear();
  bool opened = false;
  for (auto& gate : setup_.opens) opened = gate->ended() || opened;
  if (opened) setup_.job->wake_all();
  setup_.job->cell_finished();
  return Did::finished;
}

Cell::Did Cell::fail(const StageRun* stage, Error error) {
  if (stage) error.sentence = "stage " + stage->name() + ": " + error.sentence;
  setup_.job->fail(std::move(error));
  return Did::progress;
}

Result<void> Cell::commit() {
  for (auto& stage : setup_.stages) {
    if (auto ok = stage->actor().commit(); !ok) return ok;
  }
  return {};
}

void Cell::disconnect() {
  setup_.outflows.clear();
  setup_.intakes.clear();
}

}  // namespace leat
