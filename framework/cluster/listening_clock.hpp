/// The clock by which silence is judged: it goes while this process listens. One that was stopped, or kept from
/// its work, has to read first what came meanwhile.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

namespace leat {

/// Asked at every tick and every message. Between two questions it goes on by no more than a step: after a pause
/// the others have as good as all of their time to be heard. Threads: any.
class ListeningClock {
 public:
  using Milliseconds = std::chrono::milliseconds;

  /// For those who are patient for `lost_after`.
  explicit ListeningClock(Milliseconds lost_after) : step_(std::max(lost_after / 6, Milliseconds(1))) {}

  /// The time by this clock when it is `now` by one that always goes. Never 0.
  Milliseconds at(Milliseconds now) {
    std::lock_guard lock(mutex_);
    if (!asked_) last_ = now;
    asked_ = true;
    time_ += std::clamp(now - last_, Milliseconds(0), step_);
    last_ = std::max(last_, now);
    return time_;
  }

 private:
  std::mutex mutex_;
  Milliseconds step_;
  Milliseconds last_{0};
  Milliseconds time_{1};
  bool asked_ = false;
};

}  // namespace leat
