/// How long a broken connection may take to come back, and when to try.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace leat::wire {

/// A connection that breaks again before it proved useful does not start the time anew. Pure: the time is given.
/// Threads: one.
class Backoff {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Backoff(std::chrono::milliseconds within) : within_(within) {}

  /// The first connection must be there by then.
  void first(Clock::time_point until) { until_ = until; }
  /// The first connection must be there by then, where that is sooner; the time that holds. None, when there was one.
  std::optional<Clock::time_point> hurry(Clock::time_point until) {
    if (connected_) return std::nullopt;
    return until_ = std::min(until_, until);
  }
  /// Connected: to be given up at no time. For the first time, that in itself is something.
  void connected(Clock::time_point now) {
    useful_ = useful_ || !connected_;
    connected_ = now;
    pause_ = {};
  }
  /// Something moved since it was connected.
  void moved() { useful_ = true; }
  /// The peer is there, though it had nothing to say: after a while that is useful too.
  void heard(Clock::time_point now) {
    if (connected_ && now - *connected_ > kUseful) useful_ = true;
  }
  /// Broken; the time by which it must be back.
  Clock::time_point broken(Clock::time_point now) {
    if (useful_) until_ = now + within_;
    useful_ = false;
    return until_;
  }
  /// How long to wait before the next try, each time twice as long; none, when it would come too late.
  std::optional<Clock::duration> pause(Clock::time_point now) {
    pause_ = pause_ == Clock::duration::zero() ? kFirst : std::min(2 * pause_, kLongest);
    if (now + pause_ >= until_) return std::nullopt;
    return pause_;
  }
  /// How long a try may take: one that connects again leaves time for others, which find a way that was mended.
  Clock::duration try_for(Clock::time_point now, Clock::duration at_most) const {
    auto most = connected_ ? std::min(at_most, kTry) : at_most;
    return std::min(most, until_ - now);
  }

 private:
  static constexpr Clock::duration kUseful = std::chrono::seconds(1);
  static constexpr Clock::duration kFirst = std::chrono::milliseconds(5);
  static constexpr Clock::duration kLongest = std::chrono::milliseconds(200);
  static constexpr Clock::duration kTry = std::chrono::seconds(1);

  std::chrono::milliseconds within_;
  std::optional<Clock::time_point> connected_;  // last
  Clock::time_point until_{};
  Clock::duration pause_{};
  bool useful_ = false;
};

}  // namespace leat::wire
