/// How far a run is, how fast it goes now, and how long it may take yet. Pure.
#pragma once

#include <leat/runtime/run.hpp>

#include <deque>
#include <map>
#include <optional>
#include <string>

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

/// As if every part of the work went as fast as it went in all: see Pace::left().
std::optional<TimeLeft> time_left(const Progress& progress);

/// What the last seconds of a run tell. Threads: one.
class Pace {
 public:
  static constexpr double kOver = 10;  ///< seconds

  /// The next progress of the same run.
  void look(const Progress& progress);

  /// Over the last kOver seconds.
  double rows_per_second() const;
  /// Of the parts of the work, what each source reads and what stages say of their own, the slowest that has not ended:
  /// between how fast it was since it began and how fast it was of late, and somewhat beyond either, with what is on its
  /// way and what writing and committing may take. Nothing where a part has not begun, did nothing of late, or none is
  /// known.
  std::optional<TimeLeft> left() const;

 private:
  struct Look {
    double seconds = 0;
    double rows = 0;
    double behind = 0;                    // seconds of work on its way
    double worked_off = 1;                // of what was given
    std::map<std::string, double> parts;  // done of each, 0 to 1
  };
  struct Start {
    double seconds = 0;
    double done = 0;
  };

  std::optional<TimeLeft> left_of(const std::string& part, double done) const;

  std::deque<Look> looks_;              // the first is the one before the last kOver seconds
  std::map<std::string, Start> began_;  // of each part: when it was last seen not to have begun
};

}  // namespace leat
