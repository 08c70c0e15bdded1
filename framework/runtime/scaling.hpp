/// How many replicas a pool should have: pure, no clock, no cells.
///
/// A pool grows when chunks queue for long before replicas that have no time to spare, and shrinks when
/// fewer would do. It changes its mind slowly: what calls for a change must last, a change is followed by
/// a rest, and what calls for fewer replicas is far from what calls for more.
#pragma once

#include <cstddef>
#include <cstdint>

namespace leat {

/// What a pool did in an interval.
struct PoolInterval {
  std::size_t replicas = 1;
  double seconds = 1;     ///< how long it was
  double busy = 0;        ///< seconds in the pool's own code, over all replicas
  double waiting = 0;     ///< seconds its cells waited for credit: what is below is slower
  double queue_time = 0;  ///< seconds; see queue_time()
};

/// Seconds that a chunk waits before a pool which consumed `consumed` bytes in `seconds` and has
/// `outstanding` sent to it (Little, 1961). Infinite where nothing moves. For a pool that pulls its
/// source the whole of the source waits: give infinity until it has ended.
double queue_time(std::uint64_t outstanding, std::uint64_t consumed, double seconds);

struct ScalingLimits {
  std::size_t least = 1;
  std::size_t most = 1;
  double grow_busy = 0.8;      ///< share of their time that replicas are at least busy when more may help
  double shrink_busy = 0.6;    ///< share that one replica fewer would at most be busy
  double grow_waiting = 0.2;   ///< share that replicas may wait for credit when more may help
  double grow_queue = 0.05;    ///< seconds a chunk waits at least when more may help
  std::size_t grow_after = 3;     ///< intervals in a row
  std::size_t shrink_after = 10;  ///< intervals in a row
  std::size_t rest = 3;           ///< intervals after a change in which nothing is counted
};

enum class Scaling { hold, grow, shrink };

/// Decides for one pool, by one replica at a time. Threads: one.
class PoolSize {
 public:
  explicit PoolSize(ScalingLimits limits) : limits_(limits) {}

  /// What to do after this interval. The caller does it before the next.
  Scaling decide(const PoolInterval& interval);

 private:
  Scaling wanted(const PoolInterval& interval) const;
  Scaling change(Scaling to);

  ScalingLimits limits_;
  Scaling called_for_ = Scaling::hold;
  std::size_t in_a_row_ = 0;
  std::size_t resting_ = 0;
};

}  // namespace leat
