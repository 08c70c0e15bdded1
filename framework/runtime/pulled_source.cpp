#include <leat/runtime/pulled_source.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/layout.hpp>

#include <optional>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kSpins = 500;

}  // namespace

Result<Extent> PulledSource::extent() const {
  return guarded([&] { return source_->extent(); });
}

Result<void> PulledSource::let_go() { return leat::let_go(std::move(source_)); }

Result<PulledSource::Pulled> PulledSource::pull(std::vector<Chunk>& into, const JobState& job) {
  // A pull takes microseconds: to sleep for it would take longer.
  std::unique_lock lock(mutex_, std::try_to_lock);
  std::optional<Clock::time_point> asked;
  if (!lock) asked = Clock::now();
  for (int spins = 0; !lock && spins < kSpins; ++spins) {
    __builtin_ia32_pause();
    [[maybe_unused]] bool locked = lock.try_lock();
  }
  if (!lock) lock.lock();
  if (job.interrupted()) return Pulled{next_, true, Ending::interrupted, {}};
  auto before = Clock::now();
  Pulled pulled{next_, ended_, Ending::complete, asked ? before - *asked : Clock::duration()};
  std::uint64_t bytes = 0;
  std::uint64_t chunks = 0;
  while (!ended_ && chunks < kBatch.chunks && bytes < kBatch.bytes) {
    auto step = run_.pull(*source_);
    if (!step) return std::move(step).error();
    for (Chunk& chunk : run_.emitted()) {
      bytes += chunk.footprint();
      ++chunks;
      into.push_back(std::move(chunk));
    }
    run_.emitted().clear();
    ended_ = *step == Step::done;
  }
  next_ += chunks;
  pulled.ended = ended_ && chunks == 0;
  auto now = Clock::now();
  auto spent = now - before;
  book_pages(run_.counters(), now);
  run_.counters().busy_ns.fetch_add(static_cast<std::uint64_t>(spent.count()), std::memory_order_relaxed);
  run_.counters().chunks_out.fetch_add(chunks, std::memory_order_relaxed);
  run_.counters().bytes_out.fetch_add(bytes, std::memory_order_relaxed);
  return pulled;
}

}  // namespace leat
