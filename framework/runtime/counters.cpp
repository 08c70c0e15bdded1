#include <leat/runtime/counters.hpp>

#include <leat/runtime/machine.hpp>

#include <algorithm>
#include <utility>

namespace leat {

void StageTotals::add(const StageCounters& counters) {
  visits += counters.visits.read();
  chunks_out += counters.chunks_out.read();
  bytes_out += counters.bytes_out.read();
  busy_ns += counters.busy_ns.read();
  waiting_ns += counters.waiting_ns.read();
  idle_ns += counters.idle_ns.read();
  queued_ns += counters.queued_ns.read();
  touched += counters.touched.read();
  later_since = std::min(later_since, counters.later_since.load(std::memory_order_relaxed));
}

void book_pages(StageCounters& counters, std::chrono::steady_clock::time_point now) {
  constexpr auto kEvery = std::chrono::microseconds(100);
  thread_local std::chrono::steady_clock::time_point asked{};
  thread_local std::uint64_t before = 0;
  if (now - asked < kEvery) return;
  std::uint64_t pages = touched_pages();
  counters.touched.add(pages - std::exchange(before, pages));
  asked = now;
}

}  // namespace leat
