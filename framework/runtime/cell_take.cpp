// What a cell takes in: frames from its links, chunks from its source.
#include <leat/runtime/cell.hpp>

#include <leat/graph/layout.hpp>

#include <algorithm>
#include <span>

namespace leat {

// A chunk comes to a stage, and is in hand until all that is made of it has gone on.
inline Trace& Cell::take_in(StageRun& stage, std::size_t port, Chunk&& chunk, const Trace& trace) {
  stage.inbox.push(std::move(chunk), static_cast<std::uint16_t>(traces_.size()), static_cast<std::uint8_t>(port), false);
  return traces_.emplace_back(trace);
}

// The same of all that was pulled.
void Cell::take_in_all(StageRun& stage, Trace trace) {
  std::size_t before = traces_.size();
  stage.inbox.push_all(pulled_.rest(), static_cast<std::uint16_t>(before), static_cast<std::uint8_t>(stage.chained_port));
  traces_.resize(before + pulled_.size());
  std::uint64_t number = pulled_sequence_;
  // Part by part: one that is changed and then copied whole stalls.
  for (Trace& each : std::span(traces_).subspan(before)) {
    each.source = trace.source;
    each.number = number++;
    each.due = trace.due;
  }
  pulled_sequence_ = number;
  sequence_ = number - 1;
  pulled_.clear();
}

// Where order is not kept, all of one channel is one.
inline void Cell::hold(std::size_t intake, std::size_t channel, const Frame& frame, bool of_region) {
  if (!setup_.keeps_order && !in_hand_.empty()) {
    InHand& last = in_hand_.back();
    if (last.intake == intake && last.channel == channel) return void(last.cost += frame.cost());
  }
  in_hand_.push_back({intake, channel, frame.cost(), true, frame.sequence, of_region});
}

Cell::Did Cell::take() {
  if (finishing_ == setup_.stages.size() && finishing_ > 0) return finish();
  if (setup_.cuts) {
    if (auto did = pass_cut()) return *did;
  }
  auto gate = std::find_if(setup_.gates.begin(), setup_.gates.end(), [](const auto& each) { return !each->open(); });
  if (gate != setup_.gates.end()) {
    if (setup_.cuts && take_barriers()) return Did::progress;
    rest_ = {Activity::gate, static_cast<std::uint32_t>((*gate)->stage())};
    return Did::waits;
  }
  if (take_frames(true)) return Did::progress;
  if (whole_first_pending() && !build_at_cut()) return waits_for_frames(true);
  if (pulls()) return take_from_source();
  if (take_frames(false)) return Did::progress;
  if (inputs_ended()) return finish();
  if (setup_.cuts && at_cut()) return Did::progress;
  return waits_for_frames(false);
}

Cell::Did Cell::waits_for_frames(bool whole_first) {
  const ChannelMeter* first = nullptr;
  Activity activity = whole_first ? Activity::build : Activity::input;
  for (const Intake& intake : setup_.intakes) {
    if (intake.whole_first() != whole_first || intake.ended()) continue;
    if (!whole_first && intake.waits_for_number()) activity = Activity::order;
    if (!first) first = intake.waits_for();
  }
  return waits(activity, first);
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
  if (frame.since != Clock::time_point()) {
    stage.queued(now_ - frame.since);
    intake.waited(arrived.channel, frame.since, now_);
  }
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
    return setup_.source->pull(into, *setup_.job, setup_.wake, now_, *activity_, cut_);
  });
  // What it reads it may have to split up yet.
  if (!setup_.stages.empty()) activity_->become(Activity::move, CellActivity::kNone, now_);
  current_ = nullptr;
  if (!pulled) {
    instead = fail(&setup_.source->stage(), std::move(pulled).error());
    return false;
  }
  instead = Did::progress;
  if (pulled->cut) return false;
  pulled_sequence_ = pulled->first;
  source_quick_ = pulled->quick;
  source_ended_ = pulled->ended;
  if (pulled->ending == Ending::interrupted) ending_ = Ending::interrupted;
  if (source_ended_ || pulled->moved) activity_->moved();
  if (pulled->later == Clock::time_point::min()) return !pulled_.empty();
  wakes_at_ = std::min(wakes_at_, pulled->later);
  if (pulled->later > now_) {
    rest_ = {Activity::later, 0};
    instead = Did::waits;
  }
  return false;
}

Cell::Did Cell::take_from_source() {
  Did instead = Did::progress;
  if (pulled_.empty() && !pull(instead)) return instead;
  Trace trace{static_cast<std::uint32_t>(setup_.source->stage().id()), 0, now_ + setup_.job->latency};
  if (!setup_.stages.empty() && !setup_.keeps_order) {
    take_in_all(*setup_.stages[0], trace);
    return Did::progress;
  }
  std::size_t count = setup_.keeps_order ? 1 : pulled_.size();
  for (; count > 0; --count) {
    sequence_ = trace.number = pulled_sequence_++;
    Chunk& chunk = pulled_.next().chunk;
    if (!setup_.stages.empty()) {
      StageRun& first = *setup_.stages[0];
      in_hand_.push_back({0, 0, {}, false, sequence_, true});
      take_in(first, first.chained_port, std::move(chunk), trace);
      continue;
    }
    if (setup_.outflows.empty()) continue;
    if (auto ok = stage(std::move(chunk), trace); !ok) return fail(&setup_.source->stage(), ok.error());
  }
  if (!setup_.stages.empty()) return Did::progress;
  book_split(*source_counters_);
  activity_->become(Activity::move, CellActivity::kNone, now_);
  return Did::progress;
}

}  // namespace leat
