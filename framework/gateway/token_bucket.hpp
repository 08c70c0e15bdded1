/// A rate that is held: so many a second, and so many at once (token bucket; Turner, 1986). Pure: the time is given.
#pragma once

#include <algorithm>
#include <chrono>

namespace leat {

/// Threads: one.
class TokenBucket {
 public:
  using Clock = std::chrono::steady_clock;

  /// `rate` a second, `burst` at once; full at first.
  TokenBucket(double rate, double burst) : rate_(rate), burst_(burst), tokens_(burst) {}

  /// Takes one; false where there is none.
  bool take(Clock::time_point now) {
    fill(now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  /// Seconds until there is one.
  double wait(Clock::time_point now) {
    fill(now);
    return tokens_ >= 1 ? 0 : (1 - tokens_) / rate_;
  }
  /// Whether it is as it was made: nothing is lost by forgetting it.
  bool full(Clock::time_point now) const {
    return last_ == Clock::time_point{} || tokens_ + rate_ * std::chrono::duration<double>(now - last_).count() >= burst_;
  }

 private:
  void fill(Clock::time_point now) {
    if (last_ != Clock::time_point{}) tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - last_).count());
    last_ = now;
  }

  double rate_, burst_, tokens_;
  Clock::time_point last_{};
};

}  // namespace leat
