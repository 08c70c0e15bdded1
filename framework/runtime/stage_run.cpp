#include <leat/runtime/stage_run.hpp>

#include <leat/graph/bound.hpp>

#include <chrono>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;

// Small chunks come in millions a second: every visit to a large one is timed, of small ones each 64th.
constexpr std::size_t kLarge = 16 * 1024;
constexpr std::uint64_t kSample = 64;

void bump(std::atomic<std::uint64_t>& counter, std::uint64_t by) {
  counter.fetch_add(by, std::memory_order_relaxed);
}

}  // namespace

void StageRun::begin() {
  emitted_bytes_ = 0;
  largest_ = 0;
}

void StageRun::emit(Chunk chunk) {
  std::uint64_t bytes = chunk.footprint();
  emitted_bytes_ += bytes;
  largest_ = std::max(largest_, bytes);
  emitted_.push_back(std::move(chunk));
}

Result<void> StageRun::within_limits() {
  if (largest_ > setup_.max_chunk) {
    return overloaded("stage " + setup_.name + " emitted a chunk of " + byte_text(largest_) +
                      ", more than the " + byte_text(setup_.max_chunk) +
                      " its output may have: emit smaller chunks");
  }
  if (emitted_bytes_ > setup_.needs.max_output) {
    return overloaded("stage " + setup_.name + " emitted " + byte_text(emitted_bytes_) +
                      " in one step, more than the " + byte_text(setup_.needs.max_output) +
                      " it declared: raise emits_at_most() or emit less a step");
  }
  return {};
}

Result<void> StageRun::visit() {
  begin();
  Item& item = inbox.front();
  bool timed = item.chunk.bytes() >= kLarge || visits_ % kSample == 0;
  std::uint64_t weight = item.chunk.bytes() >= kLarge ? 1 : kSample;
  ++visits_;
  Visit visit{item.chunk, item.port, item.position, item.born_here};
  auto before = timed ? Clock::now() : Clock::time_point();
  auto step = actor_->visit(visit, *this);
  if (timed) bump(counters().busy_ns, static_cast<std::uint64_t>((Clock::now() - before).count()) * weight);
  if (!step) return std::move(step).error();
  if (*step == Step::more) {
    item.position = visit.position;
  } else {
    inbox.pop();
    bump(counters().visits, 1);
  }
  return within_limits();
}

Result<Step> StageRun::finish(Ending ending) {
  begin();
  auto before = Clock::now();
  auto step = actor_->finish(ending, *this);
  bump(counters().busy_ns, static_cast<std::uint64_t>((Clock::now() - before).count()));
  if (!step) return step;
  if (auto ok = within_limits(); !ok) return std::move(ok).error();
  return step;
}

Result<Step> StageRun::pull(Source& source) {
  begin();
  auto step = source.pull(*this);
  if (!step) return step;
  if (auto ok = within_limits(); !ok) return std::move(ok).error();
  return step;
}

}  // namespace leat
