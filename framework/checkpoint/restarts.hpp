/// How often a job is rolled back, and how long it waits before: pure.
///
///   auto delay = restarts.after_failure(now, random);
///   if (!delay) ... it has failed, and can be restored
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace leat {

/// So many in such a time, the first at once, then after 100 ms, doubled each time up to 30 s, and up to a fifth more or
/// less (Erlang's restart intensity; Armstrong, 2003).
struct RestartLimit {
  std::size_t most = 5;
  std::chrono::milliseconds within{60'000};
};

/// Threads: plain values.
class Restarts {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Restarts(RestartLimit limit) : limit_(limit) {}

  /// The job has failed at `now`: how long to wait before it is rolled back; nothing where that was once too often.
  /// `random`: any number.
  std::optional<std::chrono::milliseconds> after_failure(Clock::time_point now, std::uint64_t random) {
    while (!failures_.empty() && now - failures_.front() > limit_.within) failures_.pop_front();
    if (failures_.size() >= limit_.most) return std::nullopt;
    std::size_t before = failures_.size();
    failures_.push_back(now);
    if (before == 0) return std::chrono::milliseconds(0);
    std::int64_t delay = before > 9 ? kMost : std::min<std::int64_t>(kFirst << (before - 1), kMost);
    return std::chrono::milliseconds(delay * (80 + static_cast<std::int64_t>(random % 41)) / 100);
  }

 private:
  static constexpr std::int64_t kFirst = 100, kMost = 30'000;

  RestartLimit limit_;
  std::deque<Clock::time_point> failures_;
};

}  // namespace leat
