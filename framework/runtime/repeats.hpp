/// When a stage whose steps throw now and then is broken. Pure; no threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace leat {

/// How often a step that has thrown is repeated before its chunk is given up.
inline constexpr std::size_t kRepeats = 3;

/// How long to wait before repetition number `which`, from 1: not at all, then 100 ms and 200 ms, each up to a
/// quarter more or less. `random`: any number.
std::chrono::milliseconds repeat_delay(std::size_t which, std::uint64_t random);

/// Counts the visits of one stage, over all its replicas, that went well only when they were repeated.
class Repeats {
 public:
  static constexpr std::uint64_t kWindow = 1000;  ///< visits
  static constexpr std::size_t kMost = 10;        ///< of these: one in a hundred

  /// One more, after `visits` visits of the stage in all. False when it is one of kMost among the last
  /// kWindow: the stage is broken.
  bool add(std::uint64_t visits) {
    while (!at_.empty() && at_.front() + kWindow <= visits) at_.pop_front();
    at_.push_back(visits);
    return at_.size() < kMost;
  }

 private:
  std::deque<std::uint64_t> at_;
};

}  // namespace leat
