#include <leat/runtime/checkpoints.hpp>

#include <leat/actor/guard.hpp>

#include <algorithm>
#include <utility>

namespace leat {

Checkpoints::Checkpoints(Setup setup)
    : setup_(std::move(setup)),
      due_(Clock::now() + setup_.every),
      pending_(std::move(setup_.start.pending)),
      rounds_(setup_.start.rounds.begin(), setup_.start.rounds.end()) {}

void forget_rounds(Job& job, const std::vector<CutId>& rounds, const std::vector<Sealed>& pending) {
  for (const auto& [epoch, n] : rounds) {
    for (const Sealed& sealed : job.sealed_for(epoch, n)) {
      bool there = std::any_of(pending.begin(), pending.end(), [&](const Sealed& each) {
        return each.stage == sealed.stage && each.name.text() == sealed.name.text();
      });
      if (!there) [[maybe_unused]] auto gone = job.abort(sealed);
    }
  }
}

Result<void> end_epoch(Job& job, const EpochStart& start) {
  bool commits = start.work == EpochWork::commit;
  for (const Sealed& sealed : start.pending) {
    auto done = commits ? job.commit(sealed) : job.abort(sealed);
    if (commits && !done) return done;
  }
  for (const auto& rounds : {start.rounds, start.stale}) forget_rounds(job, rounds, commits ? start.pending : std::vector<Sealed>());
  return {};
}

Result<void> Checkpoints::begin() {
  std::lock_guard lock(keeping_);
  forget_rounds(*setup_.job, setup_.start.stale, pending_);
  if (auto done = commit(setup_.start.next - 1); !done) return done;
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
    ordered_ = Clock::now();
  }
  if (setup_.cuts->order(setup_.start.next)) {
    ++setup_.start.next;
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

void Checkpoints::order(std::uint64_t n) {
  {
    std::lock_guard lock(mutex_);
    busy_ = true;
    setup_.start.next = n + 1;
  }
  if (setup_.cuts->order(n, true)) setup_.job->state().wake_all();
}

bool Checkpoints::taken_now() {
  if (!asked_ && order()) asked_ = setup_.start.next - 1;
  std::lock_guard lock(mutex_);
  if (!asked_) return false;
  return latest_ >= *asked_ || !busy_;
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
  if (setup_.taken) {
    std::unique_lock lock(mutex_);
    auto ordered = ordered_;
    lock.unlock();
    setup_.taken(n, Clock::now() - ordered, kept);
  }
  if (!kept) {
    bool another = kept.error().kind == ErrorKind::disconnected;
    if (another || ++failures_ >= CheckpointStore::kMostFailures) {
      state.fail(another ? kept.error() : kept.error().in(std::to_string(failures_) + " checkpoints in a row have failed; the last"));
    }
    return;
  }
  failures_ = 0;
  std::lock_guard lock(mutex_);
  latest_ = n;
}

Result<Cut> Checkpoints::cut_of(WholeCut whole) {
  std::lock_guard lock(keeping_);
  rounds_.emplace_back(setup_.start.epoch, whole.n);
  auto given_up = whole.given_up;
  std::vector<Sealed> sealed;
  auto cut = setup_.job->cut_of(std::move(whole), sealed);
  pending_.insert(pending_.end(), sealed.begin(), sealed.end());
  if (given_up) return std::move(*given_up);
  if (cut && (setup_.job->state().failed() || setup_.job->state().interrupted())) return overloaded("the job ends");
  return cut;
}

Result<void> Checkpoints::publish(WholeCut whole) {
  std::uint64_t n = whole.n;
  auto cut = cut_of(std::move(whole));
  // Not under the lock: what the job does may end meanwhile.
  if (!cut && setup_.given_up) setup_.given_up(n, cut.error());
  if (!cut) return std::move(cut).error();
  if (auto published = setup_.publish(*cut, pending()); !published) return published;
  std::lock_guard lock(keeping_);
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
  if (first && any && setup_.committed) setup_.committed(n);
  return first;
}

// What was sealed for cuts that are not kept any more.
void Checkpoints::forget(std::size_t kept) {
  for (; rounds_.size() > kept; rounds_.pop_front()) forget_rounds(*setup_.job, {rounds_.front()}, pending_);
}

std::vector<Sealed> Checkpoints::pending() const {
  std::lock_guard lock(keeping_);
  return pending_;
}

std::uint64_t Checkpoints::last() const {
  std::lock_guard lock(mutex_);
  return setup_.start.next;
}

Result<void> Checkpoints::seal() {
  std::lock_guard lock(keeping_);
  std::uint64_t n = last();
  // The job may have ended before the one that was ordered last was whole, and some of it is sealed.
  bool known = !rounds_.empty() && rounds_.back().second == n - 1;
  if (!known && n > 1) rounds_.emplace_back(setup_.start.epoch, n - 1);
  return setup_.job->seal_last(n, pending_);
}

Result<void> Checkpoints::commit_all() {
  std::lock_guard lock(keeping_);
  for (const Sealed& sealed : pending_) {
    if (auto done = setup_.job->commit(sealed); !done) return done;
  }
  forget(0);
  return {};
}

}  // namespace leat
