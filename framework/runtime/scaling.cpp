#include <leat/runtime/scaling.hpp>

#include <limits>

namespace leat {

double queue_time(std::uint64_t outstanding, std::uint64_t consumed, double seconds) {
  if (outstanding == 0) return 0;
  if (consumed == 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(outstanding) * seconds / static_cast<double>(consumed);
}

Scaling PoolSize::wanted(const PoolInterval& interval) const {
  double had = static_cast<double>(interval.replicas) * interval.seconds;
  if (had <= 0) return Scaling::hold;
  bool may_help = interval.busy >= limits_.grow_busy * had && interval.waiting <= limits_.grow_waiting * had &&
                  interval.queue_time >= limits_.grow_queue;
  if (may_help && interval.replicas < limits_.most) return Scaling::grow;
  bool fewer_do = interval.busy <= limits_.shrink_busy * (had - interval.seconds);
  if (fewer_do && interval.replicas > limits_.least) return Scaling::shrink;
  return Scaling::hold;
}

Scaling PoolSize::change(Scaling to) {
  called_for_ = Scaling::hold;
  in_a_row_ = 0;
  resting_ = limits_.rest;
  return to;
}

Scaling PoolSize::decide(const PoolInterval& interval) {
  if (interval.replicas < limits_.least) return change(Scaling::grow);
  if (interval.replicas > limits_.most) return change(Scaling::shrink);
  if (resting_ > 0) {
    --resting_;
    return Scaling::hold;
  }
  Scaling now = wanted(interval);
  in_a_row_ = now == called_for_ ? in_a_row_ + 1 : 1;
  called_for_ = now;
  if (now == Scaling::hold) return now;
  bool long_enough = in_a_row_ >= (now == Scaling::grow ? limits_.grow_after : limits_.shrink_after);
  return long_enough ? change(now) : Scaling::hold;
}

}  // namespace leat
