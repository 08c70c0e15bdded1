#include <leat/runtime/pulled_source.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/layout.hpp>

#include <algorithm>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kSpins = 1000;
// How long small chunks are gathered, and how long a source may say that there is more and give nothing.
constexpr auto kGather = std::chrono::milliseconds(1);
// One that goes on like that is asked after so long, then twice as long ...
constexpr auto kRest = std::chrono::milliseconds(1);
constexpr std::uint64_t kMostDoublings = 4;
// As long as a pull takes less than this the clock is read once in so many.
constexpr auto kQuick = std::chrono::microseconds(5);
constexpr std::uint64_t kUnwatched = 8;  // a power of two

}  // namespace

void PulledSource::Waiting::wake_all() {
  decltype(cells) called;
  {
    std::lock_guard lock(mutex);
    called.swap(cells);
  }
  for (const auto& [cell, wake] : called) wake();
}

StageRun::Setup PulledSource::woken_by(StageRun::Setup setup, const std::shared_ptr<Waiting>& waiting) {
  setup.wake = [waiting] { waiting->wake_all(); };
  return setup;
}

// A pull takes microseconds: to sleep for it would take longer.
class PulledSource::Turn {
 public:
  Turn(PulledSource& source, CellActivity& activity, Clock::time_point now)
      : pulling_(source.pulling_), lock_(source.mutex_, std::try_to_lock) {
    waited_ = !lock_;
    if (waited_) activity.become(Activity::turn, CellActivity::kNone, now);
    for (int spins = 0; !lock_ && spins < kSpins; ++spins) {
      __builtin_ia32_pause();
      if (pulling_.load(std::memory_order_relaxed)) continue;
      [[maybe_unused]] bool locked = lock_.try_lock();
    }
    if (!lock_) lock_.lock();
    pulling_.store(true, std::memory_order_relaxed);
  }
  ~Turn() { pulling_.store(false, std::memory_order_relaxed); }
  bool waited() const { return waited_; }

 private:
  std::atomic<bool>& pulling_;
  std::unique_lock<std::mutex> lock_;
  bool waited_ = false;
};

Result<Extent> PulledSource::extent() const {
  return guarded([&] { return source_->extent(); });
}

Result<void> PulledSource::let_go() { return leat::let_go(std::move(source_)); }

Result<PulledSource::Pulled> PulledSource::pull(std::vector<StageRun::Emitted>& into, const JobState& job,
                                                const Wake& cell, Clock::time_point& now, CellActivity& activity,
                                                std::uint64_t taken) {
  Turn turn(*this, activity, now);
  if (turn.waited()) now = Clock::now();
  activity.become(Activity::read, 0, now);
  if (failed_) return *failed_;
  Pulled pulled{next_, cut_ > taken, false, Ending::complete};
  if (pulled.cut) return pulled;
  auto begun = now;
  Result<void> went;
  // What is emitted goes to memory that this thread has in its cache.
  run_.emitted().swap(into);
  bool later = pull_some(job, now, went);
  run_.emitted().swap(into);
  if (!went) {
    failed_ = went.error();
    return *failed_;
  }
  Amount gave = run_.pulled();
  next_ += gave.chunks;
  run_.counters().busy_ns.add(now - begun);
  run_.counters().chunks_out.add(gave.chunks);
  run_.counters().bytes_out.add(gave.bytes);
  book_usage(run_.counters(), now, now);
  if (ended_) {
    run_.tell(now);
    waiting_->wake_all();
  }
  pulled.quick = unwatched_ > 1;
  pulled.moved = gave.chunks > 0 || ended_ || (!later && barren_ == 0);
  if (gave.chunks > 0) return pulled;
  pulled.ended = ended_ || job.ends_source(run_.id());
  if (!ended_ && job.interrupted()) pulled.ending = Ending::interrupted;
  if (pulled.ended) return pulled;
  if (later) pulled.later = rest(now, cell);
  else if (barren_ > 0) pulled.later = now + kRest * (1 << std::min(barren_ - 1, kMostDoublings));
  return pulled;
}

Result<std::optional<SourceCut>> PulledSource::cut(std::uint64_t n, const JobState& job) {
  std::lock_guard lock(mutex_);
  if (failed_) return *failed_;
  if (cut_ >= n) return std::optional<SourceCut>();
  auto position = guarded([&] { return source_->position(); });
  if (!position) return std::move(position).error();
  cut_ = n;
  StageCut said = run_.said();
  return std::optional<SourceCut>(
      SourceCut{said.stage, position->value_or(SourcePosition()), next_, ended_ || job.ends_source(run_.id()), said.counts, said.lines});
}

Result<void> PulledSource::has_position() const {
  auto position = guarded([&] { return source_->position(); });
  if (!position) return std::move(position).error();
  if (*position) return {};
  return invalid("cannot return to where it was, so that nothing can go on from a checkpoint: run it without checkpoints");
}

Result<void> PulledSource::restore(const SourceCut& from) {
  std::lock_guard lock(mutex_);
  StageCut said;
  said.counts = from.counts;
  said.lines = from.lines;
  if (auto ok = run_.restore(said); !ok) return ok;
  next_ = from.next;
  ended_ = from.ended;
  return ended_ ? Result<void>() : guarded([&] { return source_->seek(from.position); });
}

// One that has passed over something since it gave nothing last is not barren.
Result<void> PulledSource::note_barren(bool nothing) {
  if (!nothing) {
    barren_ = 0;
    empty_at_.reset();
    return {};
  }
  auto now = extent();
  if (!now) return std::move(now).error();
  barren_ = empty_at_ && *empty_at_ != *now ? 0 : barren_ + 1;
  empty_at_ = *now;
  return {};
}

// True when there is none now, and something will call for it.
bool PulledSource::pull_some(const JobState& job, Clock::time_point& now, Result<void>& went) {
  auto begun = now;
  std::uint64_t pulls = 0;
  bool later = run_.rests() && !run_.later().due(now);
  bool read = true;  // the clock, since the last pull
  while (!ended_ && !later && run_.gathers() && !job.ends_source(run_.id())) {
    auto step = run_.pull(*source_);
    if (!step) {
      went = std::move(step).error();
      return false;
    }
    ended_ = *step == Step::done;
    later = *step == Step::later;
    read = (++pulls & (unwatched_ - 1)) == 0;
    if (!read) continue;
    now = Clock::now();
    // One that has given nothing for long is asked once, and not for long again.
    if (now - begun >= kGather || (run_.emitted().empty() && barren_ > 0)) break;
  }
  if (!read) now = Clock::now();
  if (pulls > 0) unwatched_ = now - begun < kQuick * pulls ? kUnwatched : 1;
  went = note_barren(run_.emitted().empty() && !later && !ended_);
  return later;
}

// A wake that came before the cell was on the list is one that it must not miss.
Clock::time_point PulledSource::rest(Clock::time_point now, const Wake& cell) {
  {
    std::lock_guard lock(waiting_->mutex);
    auto& cells = waiting_->cells;
    bool there = std::any_of(cells.begin(), cells.end(), [&](const auto& each) { return each.first == &cell; });
    if (!there) cells.emplace_back(&cell, cell);
  }
  return run_.later().due(now) ? now : run_.later().at();
}

}  // namespace leat
