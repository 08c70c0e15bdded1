#include <leat/runtime/stage_run.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/bound.hpp>
#include <leat/graph/layout.hpp>

#include <algorithm>
#include <chrono>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;

void bump(std::atomic<std::uint64_t>& counter, std::uint64_t by) {
  counter.fetch_add(by, std::memory_order_relaxed);
}

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
  return guarded([&] { return actor_->start(*this); });
}

Result<void> StageRun::commit() {
  return guarded([&] { return actor_->commit(); });
}

void StageRun::begin() { batch_bytes_ = batch_chunks_ = batch_visits_ = 0; }

void StageRun::end(Clock::time_point since) {
  auto now = Clock::now();
  book_pages(counters(), now);
  bump(counters().busy_ns, static_cast<std::uint64_t>((now - since).count()));
  bump(counters().visits, batch_visits_);
  bump(counters().chunks_out, batch_chunks_);
  bump(counters().bytes_out, batch_bytes_);
  bump(counters().queued_ns, static_cast<std::uint64_t>(std::exchange(queued_, {}).count()));
}

void StageRun::emit(Chunk chunk) {
  if (!chunk) {
    emitted_none_ = true;
    return;
  }
  std::uint64_t bytes = chunk.footprint();
  emitted_bytes_ += bytes;
  largest_ = std::max(largest_, bytes);
  ++batch_chunks_;
  if (below) {
    below->inbox.push({std::move(chunk), below->chained_port, 0, true});
  } else {
    emitted_.push_back(std::move(chunk));
  }
}

Error StageRun::over_limits() const {
  if (emitted_none_) return failed("emitted a chunk that is empty: emit only what was built or received");
  if (largest_ > setup_.max_chunk) {
    return overloaded("emitted a chunk of " + byte_text(largest_) + ", more than the " +
                      byte_text(setup_.max_chunk) + " its output may have: emit smaller chunks");
  }
  return overloaded("emitted " + byte_text(emitted_bytes_) + " in one step, more than the " +
                    byte_text(setup_.needs.max_output) +
                    " it declared: raise emits_at_most() or emit less a step");
}

Result<Step> StageRun::one_step() {
  emitted_bytes_ = largest_ = 0;
  Item& item = inbox.front();
  Visit visit{item.chunk, item.port, item.position, item.born_here};
  auto step = guarded([&] { return actor_->visit(visit, *this); });
  if (!step) return step;
  if (*step == Step::more) {
    item.position = visit.position;
  } else {
    inbox.pop();
    ++batch_visits_;
  }
  batch_bytes_ += emitted_bytes_;
  if (!within_limits()) return over_limits();
  return step;
}

Result<void> StageRun::visit(bool batch) {
  auto since = Clock::now();
  begin();
  bool again = true;
  while (again) {
    auto step = one_step();
    if (!step) return std::move(step).error();
    again = batch && *step == Step::done && !inbox.empty() && batch_bytes_ < kBatch.bytes;
  }
  end(since);
  return {};
}

Result<Step> StageRun::finish(Ending ending) {
  auto since = Clock::now();
  begin();
  emitted_bytes_ = largest_ = 0;
  auto step = guarded([&] { return actor_->finish(ending, *this); });
  batch_bytes_ += emitted_bytes_;
  end(since);
  if (!step) return step;
  if (!within_limits()) return over_limits();
  return step;
}

Result<Step> StageRun::pull(Source& source) {
  emitted_bytes_ = largest_ = 0;
  auto step = guarded([&] { return source.pull(*this); });
  if (!step) return step;
  if (!within_limits()) return over_limits();
  return step;
}

}  // namespace leat
