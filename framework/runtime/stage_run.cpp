#include <leat/runtime/stage_run.hpp>

#include <leat/graph/bound.hpp>
#include <leat/graph/layout.hpp>

#include <algorithm>
#include <chrono>

namespace leat {
namespace {

// A visit of several steps takes about so long: what comes of the first ones must not wait for it.
constexpr auto kVisit = std::chrono::milliseconds(1);
// A step that takes longer has what is staged sent first.
constexpr auto kQuickVisit = std::chrono::microseconds(100);

}  // namespace

StageRun::~StageRun() {
  [[maybe_unused]] auto lost = let_go();
}

Result<void> StageRun::let_go() { return destroyed(std::move(actor_)); }

Error StageRun::named(const Error& error) const {
  return error.in(replica_name(setup_.name, setup_.replica, error.thrown ? setup_.replicas : 1))
      .about({.stage = setup_.name});
}

Result<void> StageRun::start() {
  auto started = guarded([&] { return actor_->start(*this); });
  keep_step();
  return started;
}

Result<void> StageRun::seal(OutputName name) {
  name.replica = setup_.replica;
  auto sealed = guarded([&] { return actor_->seal(name); });
  over_ = over_ || (sealed && name.last);
  return sealed;
}

Result<void> StageRun::commit(OutputName name) {
  name.replica = setup_.replica;
  return guarded([&] { return actor_->commit(name); });
}

Result<void> StageRun::abort(OutputName name) {
  name.replica = setup_.replica;
  return guarded([&] { return actor_->abort(name); });
}

void StageRun::skip() {
  begin_other();
  repeated_ = 0;
  last_error_.reset();
  inbox.pop();
}

// At the end of a visit: what others see.
void StageRun::end(Clock::time_point since, Clock::time_point now) {
  book_usage(counters_, setup_.blocking ? now : since, now);
  counters_.busy_ns.add(now - since);
  counters_.visits.add(std::exchange(batch_visits_, 0));
  counters_.chunks_out.add(batch_.chunks);
  counters_.bytes_out.add(batch_.bytes);
  batch_ = {};
  if (queued_.count() > 0) counters_.queued_ns.add(std::exchange(queued_, {}));
  if (now - told_ > kVisit) tell(now);
}

void StageRun::tell(Clock::time_point now) {
  told_ = now;
  for (Count& count : counts_) {
    if (count.before == 0) continue;
    count.told += count.before;
    setup_.job->count(setup_.id, count.name, std::exchange(count.before, 0));
  }
}

void StageRun::count(std::string_view name, std::uint64_t number) {
  plain_ = false;
  for (Count& count : counts_) {
    if (count.name != name) continue;
    count.in_step += number;
    return;
  }
  counts_.push_back({std::string(name), number, 0, 0});
}

// What is seldom is done elsewhere: this is the way of every chunk.
void StageRun::emit(Chunk chunk) {
  if (!chunk || chunk.footprint() > setup_.max_chunk) [[unlikely]] return refuse(chunk);
  batch_.bytes += chunk.footprint();
  ++batch_.chunks;
  if (!below_ || below_->inbox.full()) return hand_out(std::move(chunk));
  below_->inbox.place(std::move(chunk), input_, static_cast<std::uint8_t>(below_->chained_port), true);
}

void StageRun::hand_out(Chunk&& chunk) {
  if (!below_) return void(emitted_.push_back({std::move(chunk), input_}));
  below_->inbox.push(std::move(chunk), input_, static_cast<std::uint8_t>(below_->chained_port), true);
}

void StageRun::refuse(const Chunk& chunk) {
  plain_ = false;
  over_limits_ = true;
  largest_ = chunk ? chunk.footprint() : 0;
}

std::uint64_t StageRun::emitted_since(std::size_t emitted) const {
  if (below_) return below_->inbox.bytes(emitted);
  std::uint64_t sum = 0;
  for (std::size_t i = emitted; i < emitted_.size(); ++i) sum += emitted_[i].chunk.footprint();
  return sum;
}

Error StageRun::over_limits(std::size_t emitted) const {
  if (over_limits_ && largest_ == 0) return failed("emitted a chunk that is empty: emit only what was built or received");
  if (over_limits_) {
    return overloaded("emitted a chunk of " + byte_text(largest_) + ", more than the " +
                      byte_text(setup_.max_chunk) + " its output may have: emit smaller chunks");
  }
  return overloaded("emitted " + byte_text(emitted_since(emitted)) + " in one step, more than the " +
                    byte_text(setup_.needs.max_output) +
                    " it declared: declare more with emits_at_most, or emit less a step");
}

void StageRun::keep_step() {
  for (Count& count : counts_) count.before += std::exchange(count.in_step, 0);
  for (auto& [name, value] : reported_) {
    setup_.job->report(name, value);
    said_.emplace_back(std::move(name), std::move(value));
  }
  reported_.clear();
  for (auto& [name, sample] : sampled_) setup_.job->sample(setup_.id, name, sample);
  sampled_.clear();
  if (std::exchange(enough_, false)) setup_.job->enough(setup_.id);
  if (cutoff_) setup_.job->cut_off(setup_.id, *std::exchange(cutoff_, std::nullopt));
  if (!progressed_) return;
  counters_.work_done.raise(progressed_->first);
  counters_.work.raise(progressed_->second);
  progressed_.reset();
}

void StageRun::take_back(std::size_t emitted) {
  batch_.bytes -= emitted_since(emitted);
  batch_.chunks -= emitted_so_far() - emitted;
  if (below_) {
    below_->inbox.take_back(emitted);
  } else {
    emitted_.resize(emitted);
  }
  over_limits_ = false;
  for (Count& count : counts_) count.in_step = 0;
  reported_.clear();
  sampled_.clear();
  enough_ = false;
  cutoff_.reset();
  progressed_.reset();
}

// To who looks on: what a step has emitted for good.
void StageRun::show(std::size_t emitted) {
  for (std::size_t i = emitted; i < emitted_so_far(); ++i) {
    setup_.job->taps().see(setup_.id, below_ ? below_->inbox.at(i).chunk : emitted_[i].chunk);
  }
}

void StageRun::begin_other() {
  if (later_.asked()) later_.begin();
  if (rests_) counters_.later_since.store(Clock::time_point::max(), std::memory_order_relaxed);
  rests_ = false;
  plain_ = !later_.asked();
}

// A call of the user's is whole, or undone; `emitted`: what there was before it.
void StageRun::end_other(Result<Step>& said, std::size_t emitted) {
  if (said && within_limits(emitted)) {
    keep_step();
    rests_ = *said == Step::later;
    if (rests_ && !later_.asked()) said = answers_later();
    return;
  }
  if (said) said = over_limits(emitted);
  take_back(emitted);
}

// What it says is never moved: most steps are over sooner than that.
Result<Step> StageRun::one_step() {
  Item& item = inbox.front();
  std::size_t emitted = emitted_so_far();
  Visit visit{item.chunk, item.port, item.position, item.born_here && may_take_};
  item.emitted = static_cast<std::uint32_t>(emitted);
  item.before = item.position;
  input_ = item.input;
  begin_step();
  Result<Step> said = guarded([&] { return actor_->visit(visit, *this); });
  end_step(said, emitted);
  if (!said) [[unlikely]] {
    failed_step(said, item);
    return said;
  }
  if (repeated_ > 0) [[unlikely]] {
    if (auto ok = went_well(); !ok) said = std::move(ok).error();
  }
  if (said && *said == Step::done) {
    inbox.pop();
    ++batch_visits_;
  } else {
    item.position = visit.position;
  }
  return said;
}

Result<void> StageRun::visit(bool batch, Clock::time_point& now) {
  auto since = now;
  if (below_) below_->inbox.begin();
  std::uint64_t steps = 0;
  bool again = true;
  while (again) {
    auto said = one_step();
    if (!said) return std::move(said).error();
    ++steps;
    again = batch && *said == Step::done && !inbox.empty() && batch_.bytes < kBatch.bytes && steps < most_steps_;
  }
  now = Clock::now();
  if (rests_) counters_.later_since.store(now, std::memory_order_relaxed);
  auto took = now - since;
  quick_ = took < kQuickVisit * steps;
  if (took * 2 < kVisit) {
    most_steps_ = std::min<std::uint64_t>(most_steps_ * 2, kBatch.chunks);
  } else if (took > kVisit) {
    most_steps_ = std::max<std::uint64_t>(most_steps_ / 4, 1);
  }
  end(since, now);
  return {};
}

Result<Step> StageRun::finish(Ending ending, Clock::time_point& now) {
  auto since = now;
  input_ = Item::kNoInput;
  std::size_t emitted = emitted_so_far();
  begin_step();
  Result<Step> said = guarded([&] { return actor_->finish(ending, *this); });
  end_step(said, emitted);
  if (!said && said.error().thrown && setup_.remake) {
    said = repeat(said.error(), false);
  } else if (said && repeated_ > 0) {
    if (auto ok = went_well(); !ok) said = std::move(ok).error();
  }
  now = Clock::now();
  if (rests_) counters_.later_since.store(now, std::memory_order_relaxed);
  end(since, now);
  tell(now);
  return said;
}

}  // namespace leat
