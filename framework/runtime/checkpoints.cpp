#include <leat/runtime/checkpoints.hpp>

#include <leat/actor/guard.hpp>

#include <algorithm>
#include <utility>

namespace leat {

Checkpoints::Checkpoints(Setup setup)
    : setup_(std::move(setup)),
      due_(Clock::now() + setup_.every),
      pending_(std::move(setup_.pending)),
      rounds_(setup_.rounds.begin(), setup_.rounds.end()) {}

void forget_rounds(Job& job, const std::vector<std::pair<std::uint32_t, std::uint64_t>>& rounds, const std::vector<Sealed>& pending) {
  for (const auto& [epoch, n] : rounds) {
    for (const Sealed& sealed : job.sealed_for(epoch, n)) {
      bool there = std::any_of(pending.begin(), pending.end(), [&](const Sealed& each) {
        return each.stage == sealed.stage && each.name.text() == sealed.name.text();
      });
      if (!there) [[maybe_unused]] auto gone = job.abort(sealed);
    }
  }
}

Result<void> Checkpoints::begin() {
  forget_rounds(*setup_.job, setup_.stale, pending_);
  if (auto done = commit(setup_.next - 1); !done) return done;
  thread_ = std::thread([this] { run(); });
  return {};
}

Checkpoints::~Checkpoints() { stop(); }

void Checkpoints::stop() {
  setup_.cuts->close();
  if (thread_.joinable()) thread_.join();
}

bool Checkpoints::order() {
  {
    std::lock_guard lock(mutex_);
    if (busy_) return false;
    busy_ = true;
  }
  if (setup_.cuts->order(setup_.next)) {
    ++setup_.next;
    setup_.job->state().wake_all();
    return true;
  }
  std::lock_guard lock(mutex_);
  busy_ = false;
  return false;
}

void Checkpoints::look() {
  if (Clock::now() < due_) return;
  if (order()) due_ = Clock::now() + setup_.every;
}

bool Checkpoints::taken_now() {
  if (!asked_ && order()) asked_ = setup_.next - 1;
  std::lock_guard lock(mutex_);
  if (!asked_) return false;
  return latest_ >= *asked_ || !busy_;
}

std::uint64_t Checkpoints::published() const {
  std::lock_guard lock(mutex_);
  return published_;
}

void Checkpoints::run() {
  while (auto whole = setup_.cuts->wait()) {
    keep(std::move(*whole));
    std::lock_guard lock(mutex_);
    busy_ = false;
  }
}

void Checkpoints::keep(WholeCut whole) {
  JobState& state = setup_.job->state();
  // Cells that leave because of it have not ended.
  if (state.failed() || state.interrupted()) return;
  std::uint64_t n = whole.n;
  auto kept = guarded([&] { return publish(std::move(whole)); });
  if (!kept) {
    bool another = kept.error().kind == ErrorKind::disconnected;
    if (another || ++failures_ >= kMostFailures) {
      state.fail(another ? kept.error() : kept.error().in(std::to_string(failures_) + " checkpoints in a row have failed; the last"));
    }
    return;
  }
  failures_ = 0;
  std::lock_guard lock(mutex_);
  ++published_;
  latest_ = n;
}

Result<void> Checkpoints::publish(WholeCut whole) {
  std::uint64_t n = whole.n;
  rounds_.emplace_back(setup_.epoch, n);
  auto given_up = whole.given_up;
  std::vector<Sealed> sealed;
  auto cut = setup_.job->cut_of(std::move(whole), sealed);
  pending_.insert(pending_.end(), sealed.begin(), sealed.end());
  if (given_up) return std::move(*given_up);
  if (!cut) return std::move(cut).error();
  if (setup_.job->state().failed() || setup_.job->state().interrupted()) return overloaded("the job ends");
  if (auto published = setup_.store->publish(*cut, pending_); !published) return published;
  // What cannot be made visible now is tried again with the next.
  [[maybe_unused]] auto tried = commit(n);
  forget(CheckpointStore::kKept);
  return {};
}

Result<void> Checkpoints::commit(std::uint64_t n) {
  Result<void> first;
  bool any = false;
  std::erase_if(pending_, [&](const Sealed& sealed) {
    if (sealed.name.last) return false;
    auto done = setup_.job->commit(sealed);
    any = any || done;
    if (first && !done) first = done;
    return bool(done);
  });
  // Said after the fact: what is said of the store counts when something is published next.
  if (first && any) [[maybe_unused]] auto noted = setup_.store->committed(n);
  return first;
}

// What was sealed for cuts that are not kept any more.
void Checkpoints::forget(std::size_t kept) {
  for (; rounds_.size() > kept; rounds_.pop_front()) forget_rounds(*setup_.job, {rounds_.front()}, pending_);
}

Result<void> Checkpoints::end() {
  std::uint64_t n = setup_.next;
  // The job may have ended before the one that was ordered last was whole, and some of it is sealed.
  bool known = !rounds_.empty() && rounds_.back().second == n - 1;
  if (!known && n > 1) rounds_.emplace_back(setup_.epoch, n - 1);
  if (auto sealed = setup_.job->seal_last(n, pending_); !sealed) return sealed;
  if (auto published = setup_.store->publish_last(setup_.epoch, n, pending_); !published) return published;
  for (const Sealed& sealed : pending_) {
    if (auto done = setup_.job->commit(sealed); !done) return done;
  }
  forget(0);
  return setup_.store->end();
}

}  // namespace leat
