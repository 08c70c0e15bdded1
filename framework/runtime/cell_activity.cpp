#include <leat/runtime/cell_activity.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace leat {
namespace {

void raise(std::atomic<std::uint64_t>& what, std::uint64_t by) {
  what.store(what.load(std::memory_order_relaxed) + by, std::memory_order_release);
}

}  // namespace

CellActivity::CellActivity(std::vector<StageId> stages, Clock::time_point begun)
    : since_(count(begun)),
      stages_(std::move(stages)),
      stage_ns_(std::make_unique<std::atomic<std::uint64_t>[]>(stages_.size())) {}

// To what it has done until then.
void CellActivity::book(Nanoseconds until) {
  Nanoseconds since = since_.load(std::memory_order_relaxed);
  if (until <= since) return;
  Activity activity = activity_.load(std::memory_order_relaxed);
  raise(times_[static_cast<std::size_t>(activity)], until - since);
  if (of_stage(activity)) raise(stage_ns_[what_.load(std::memory_order_relaxed)], until - since);
  since_.store(until, std::memory_order_release);
}

void CellActivity::become(Activity activity, std::uint32_t what, Clock::time_point now) {
  begin_write();
  book(count(now));
  activity_.store(activity, std::memory_order_release);
  what_.store(what, std::memory_order_release);
  end_write();
}

CellActivity::Clock::duration CellActivity::resume(Clock::time_point now) {
  begin_write();
  Nanoseconds woken = woken_.exchange(0, std::memory_order_acq_rel);
  Nanoseconds since = since_.load(std::memory_order_relaxed);
  bool credit = activity_.load(std::memory_order_relaxed) == Activity::credit;
  if (woken != 0) {
    book(std::min(woken, count(now)));
    activity_.store(Activity::ready, std::memory_order_release);
  }
  Nanoseconds rested = woken != 0 ? since_.load(std::memory_order_relaxed) - since : count(now) - since;
  book(count(now));
  activity_.store(Activity::move, std::memory_order_release);
  what_.store(kNone, std::memory_order_release);
  end_write();
  return Clock::duration(credit ? static_cast<Clock::rep>(rested) : 0);
}

void CellActivity::end(Clock::time_point now) {
  begin_write();
  book(count(now));
  ended_.store(true, std::memory_order_release);
  end_write();
}

bool CellActivity::try_read(Reading& reading, Nanoseconds now) const {
  auto version = version_.load(std::memory_order_acquire);
  if (version & 1) return false;
  reading.now = activity_.load(std::memory_order_acquire);
  reading.what = what_.load(std::memory_order_acquire);
  reading.ended = ended_.load(std::memory_order_acquire);
  Nanoseconds since = since_.load(std::memory_order_acquire);
  Nanoseconds woken = woken_.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < kActivities; ++i) reading.times[i] = times_[i].load(std::memory_order_acquire);
  for (std::size_t i = 0; i < stages_.size(); ++i) reading.stage_ns[i] = stage_ns_[i].load(std::memory_order_acquire);
  reading.moves = moves_.load(std::memory_order_acquire);
  if (version_.load(std::memory_order_relaxed) != version) return false;
  if (reading.ended || now <= since) return true;
  if (woken != 0) {
    Nanoseconds ready = std::clamp(woken, since, now);
    reading.times[static_cast<std::size_t>(reading.now)] += ready - since;
    reading.now = Activity::ready;
    reading.what = kNone;
    since = ready;
  }
  reading.for_ns = now - since;
  reading.times[static_cast<std::size_t>(reading.now)] += reading.for_ns;
  if (of_stage(reading.now)) reading.stage_ns[reading.what] += reading.for_ns;
  return true;
}

// Who writes is through in nanoseconds, or has lost its processor in the midst of them.
CellActivity::Reading CellActivity::read(Clock::time_point now) const {
  Reading reading;
  reading.stage_ns.resize(stages_.size());
  while (!try_read(reading, count(now))) std::this_thread::yield();
  return reading;
}

}  // namespace leat
