#include <leat/runtime/job_state.hpp>

#include <leat/actor/guard.hpp>
#include <leat/runtime/machine.hpp>

#include <chrono>

namespace leat {

void book_pages(StageCounters& counters, std::chrono::steady_clock::time_point now) {
  constexpr auto kEvery = std::chrono::microseconds(100);
  thread_local std::chrono::steady_clock::time_point asked{};
  thread_local std::uint64_t before = 0;
  if (now - asked < kEvery) return;
  std::uint64_t pages = touched_pages();
  counters.touched.fetch_add(pages - std::exchange(before, pages), std::memory_order_relaxed);
  asked = now;
}

void JobState::tell_finished() {
  if (!on_finished) return;
  auto told = guarded(on_finished);
  if (!told) fail(told.error().in("the end of the job could not be told"));
}

void JobState::interrupt() {
  if (!interrupted_.exchange(true)) wake_all();
}

void JobState::fail(Error error) {
  {
    std::lock_guard lock(mutex_);
    if (failure_) return;
    failure_ = std::move(error);
  }
  failed_.store(true, std::memory_order_release);
  wake_all();
}

std::optional<Error> JobState::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

void JobState::add_wake(Wake wake) {
  std::lock_guard lock(waking_);
  wakes_.push_back(std::move(wake));
  if (started_ || failed()) wakes_.back()();
}

void JobState::start() {
  {
    std::lock_guard lock(waking_);
    started_ = true;
  }
  wake_all();
  // Cells may have been woken by other nodes, and be gone by now: they have said so themselves.
  if (none_) tell_finished();
}

void JobState::wake_all() {
  std::lock_guard lock(waking_);
  if (!started_ && !failed()) return;
  for (const Wake& wake : wakes_) wake();
}

bool JobState::add_cell() {
  std::lock_guard lock(mutex_);
  if (running_ == 0) return false;
  ++running_;
  return true;
}

void JobState::cell_finished() {
  bool last;
  {
    std::lock_guard lock(mutex_);
    last = --running_ == 0;
    if (last) changed_.notify_all();
  }
  if (last) tell_finished();
}

bool JobState::finished_within(int milliseconds) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(milliseconds),
                           [this] { return running_ == 0; });
}

void JobState::count(std::size_t stage, std::string_view name, std::uint64_t number) {
  std::lock_guard lock(mutex_);
  counts_[stage][std::string(name)] += number;
}

void JobState::report(std::string_view name, std::string value) {
  std::lock_guard lock(mutex_);
  reports_.emplace_back(name, std::move(value));
}

std::vector<std::map<std::string, std::uint64_t>> JobState::counts() const {
  std::lock_guard lock(mutex_);
  std::vector<std::map<std::string, std::uint64_t>> out(counters.size());
  for (const auto& [stage, counted] : counts_) out[stage] = counted;
  return out;
}

std::vector<std::pair<std::string, std::string>> JobState::reports() const {
  std::lock_guard lock(mutex_);
  return reports_;
}

}  // namespace leat
