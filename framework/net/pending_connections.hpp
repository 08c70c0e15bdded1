/// The connections at a listener that nobody answers for yet: few at a time, and the oldest goes first.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

namespace leat {

/// At most so many; one more takes the place of the oldest. But nobody goes before it has had `at_least` to say
/// who it is: until then whoever comes waits in the system's queue. So a peer among strangers waits for a
/// moment, and loses its place only to as many strangers as there are places.
/// Threads: one.
template <class T>
class PendingConnections {
 public:
  using Clock = std::chrono::steady_clock;
  using Pointer = std::shared_ptr<T>;

  PendingConnections(std::size_t most, Clock::duration at_least) : most_(most), at_least_(at_least) {}

  /// How long the next connection has to wait before it is taken, at `now`; zero for not at all.
  Clock::duration wait(Clock::time_point now) const {
    if (places_.size() < most_) return Clock::duration::zero();
    return std::max(Clock::duration::zero(), places_.front().since + at_least_ - now);
  }
  /// Who has to go before one more is added; null while there is a place.
  Pointer in_the_way() const { return places_.size() < most_ ? nullptr : places_.front().who; }

  /// One that comes at `now`, no earlier than those before it.
  void add(Pointer who, Clock::time_point now) { places_.push_back({std::move(who), now}); }
  /// Nothing, when it is not there.
  void remove(const Pointer& who) {
    places_.remove_if([&](const Place& place) { return place.who == who; });
  }
  std::vector<Pointer> all() const {
    std::vector<Pointer> out;
    for (const Place& place : places_) out.push_back(place.who);
    return out;
  }

 private:
  struct Place {
    Pointer who;
    Clock::time_point since;
  };
  std::size_t most_;
  Clock::duration at_least_;
  std::list<Place> places_;  // by age
};

/// What a listener keeps of pending connections unless it is told otherwise. Ten thousand a second get their turn.
inline constexpr std::size_t kPending = 256;
/// A handshake takes some milliseconds, most of them in waiting for a processor.
inline constexpr std::chrono::milliseconds kPendingStay{25};

}  // namespace leat
