/// Notices that a job gets nowhere, and why. Pure.
#pragma once

#include <leat/diagnosis/why.hpp>

#include <optional>

namespace leat {

/// Threads: one.
class StuckWatch {
 public:
  static constexpr double kAfter = 30;  ///< seconds

  /// Says why when nothing has moved for kAfter seconds; once, until something moves again. One long visit is busy.
  /// `now`: a snapshot of the job, later than the one before.
  std::optional<Why> look(JobSnapshot now);

 private:
  std::optional<JobSnapshot> since_;  // the first of those in which nothing has moved
  bool said_ = false;
};

}  // namespace leat
