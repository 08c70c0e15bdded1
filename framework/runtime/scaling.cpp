#include <algorithm>

#include <leat/runtime/scaling.hpp>

namespace leat {

Scaling PoolSize::wanted(const PoolInterval& interval, std::size_t least, std::size_t most) const {
  double had = static_cast<double>(interval.replicas) * interval.seconds;
  if (had <= 0) return Scaling::hold;
  bool may_help = interval.busy >= limits_.grow_busy * had &&
                  interval.waiting <= limits_.grow_waiting * had &&
                  interval.queued >= limits_.grow_queued * interval.busy;
  if (may_help && interval.replicas < most) return Scaling::grow;
  bool fewer_do = interval.busy <= limits_.shrink_busy * (had - interval.seconds);
  if (fewer_do && interval.replicas > least) return Scaling::shrink;
  return Scaling::hold;
}

Scaling PoolSize::change(Scaling to) {
  if (last_ != Scaling::hold && last_ != to) rest_ = std::min(2 * rest_, limits_.longest_rest);
  last_ = to;
  called_for_ = Scaling::hold;
  in_a_row_ = 0;
  resting_ = rest_;
  return to;
}

Scaling PoolSize::decide(const PoolInterval& interval, std::size_t least, std::size_t most) {
  if (interval.replicas < least) return change(Scaling::grow);
  if (interval.replicas > most) return change(Scaling::shrink);
  if (resting_ > 0) {
    --resting_;
    return Scaling::hold;
  }
  Scaling now = wanted(interval, least, most);
  in_a_row_ = now == called_for_ ? in_a_row_ + 1 : 1;
  called_for_ = now;
  if (now == Scaling::hold) return now;
  bool long_enough =
      in_a_row_ >= (now == Scaling::grow ? limits_.grow_after : limits_.shrink_after);
  return long_enough ? change(now) : Scaling::hold;
}

}  // namespace leat
