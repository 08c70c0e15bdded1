#include <leat/runtime/alarm.hpp>

namespace leat {

Alarm::~Alarm() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::size_t Alarm::add(Wake wake) {
  std::lock_guard lock(mutex_);
  entries_.push_back({std::move(wake)});
  return entries_.size() - 1;
}

void Alarm::set(std::size_t number, Clock::time_point when) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[number];
  if (entry.when == when) return;
  if (entry.when != Clock::time_point::max()) times_.erase({entry.when, number});
  entry.when = when;
  if (when == Clock::time_point::max()) return;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  times_.emplace(when, number);
  if (times_.begin()->second == number) changed_.notify_all();
}

void Alarm::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (times_.empty()) {
      changed_.wait(lock);
      continue;
    }
    auto [when, number] = *times_.begin();
    if (Clock::now() < when) {
      changed_.wait_until(lock, when);
      continue;
    }
    times_.erase(times_.begin());
    entries_[number].when = Clock::time_point::max();
    Wake wake = entries_[number].wake;
    lock.unlock();
    wake();
    lock.lock();
  }
}

}  // namespace leat
