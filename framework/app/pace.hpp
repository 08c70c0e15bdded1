/// How far a run is, how fast it goes now, and how long it may take yet. Pure.
#pragma once

#include <leat/runtime/run.hpp>

#include <deque>
#include <optional>

namespace leat {

/// The part of the work that is done, below 1 as long as a run has not ended; less than 0 when no source and no stage
/// knows how long it is. Of what the sources give, the part they have given; of that, the part that stages are done
/// with, by the seconds that each has needed for a chunk; but no more than any stage says of its own work.
double part_done(const Progress& progress);

/// Seconds that a run may take yet.
struct TimeLeft {
  double least = 0;
  double most = 0;
};

/// As fast as it was from its beginning until now; nothing where that is not known.
std::optional<TimeLeft> time_left(const Progress& progress);

/// What the last seconds of a run tell. Threads: one.
class Pace {
 public:
  static constexpr double kOver = 10;  ///< seconds

  /// The next progress of the same run.
  void look(const Progress& progress);

  /// Over the last kOver seconds.
  double rows_per_second() const;
  /// Between how fast it was of late and how fast it was in all; nothing where it is not known, or nothing was done of
  /// late.
  std::optional<TimeLeft> left() const;

 private:
  struct Look {
    double seconds = 0;
    double rows = 0;
    double done = -1;
  };

  std::deque<Look> looks_;  // the first is the one before the last kOver seconds
};

}  // namespace leat
