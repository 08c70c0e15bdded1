/// How many replicas a pool should have: pure, no clock, no cells.
///
/// A pool grows when chunks queue for long before replicas that have no time to spare, and shrinks
/// when fewer would do. It changes its mind slowly: what calls for a change must last, a change is
/// followed by a rest, one in the other direction by a rest twice as long, and what calls for fewer
/// replicas is far from what calls for more.
#pragma once

#include <cstddef>

namespace leat {

/// What a pool did in an interval.
struct PoolInterval {
  std::size_t replicas = 1;
  double seconds = 1;  ///< how long it was
  double busy = 0;     ///< seconds in the pool's own code, over all replicas
  double waiting = 0;  ///< seconds its cells waited for credit: what is below is slower
  /// Seconds that chunks waited before it, added up. Infinite for a pool that pulls its source, the
  /// whole of which waits.
  double queued = 0;
};

struct ScalingLimits {
  double grow_busy =
      0.8;  ///< share of their time that replicas are at least busy when more may help
  double shrink_busy = 0.6;   ///< share that one replica fewer would at most be busy
  double grow_waiting = 0.2;  ///< share that replicas may wait for credit when more may help
  double grow_queued =
      0.5;  ///< a chunk waits at least so much of what it is worked on when more may help
  std::size_t grow_after = 3;      ///< intervals in a row
  std::size_t shrink_after = 10;   ///< intervals in a row
  std::size_t rest = 3;            ///< intervals after a change in which nothing is counted
  std::size_t longest_rest = 300;  ///< to which turns of direction double it
};

enum class Scaling { hold, grow, shrink };

/// Decides for one pool, by one replica at a time. Threads: one.
class PoolSize {
 public:
  explicit PoolSize(ScalingLimits limits = {}) : limits_(limits), rest_(limits.rest) {}

  /// What to do after this interval, to have `least` to `most` replicas. The caller does it before
  /// the next, or cannot.
  Scaling decide(const PoolInterval& interval, std::size_t least, std::size_t most);

 private:
  Scaling wanted(const PoolInterval& interval, std::size_t least, std::size_t most) const;
  Scaling change(Scaling to);

  ScalingLimits limits_;
  Scaling called_for_ = Scaling::hold;
  Scaling last_ = Scaling::hold;
  std::size_t in_a_row_ = 0;
  std::size_t resting_ = 0;
  std::size_t rest_;
};

}  // namespace leat
