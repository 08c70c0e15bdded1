/// What has come of a run's checkpoints so far: for who asks the run, and for its metrics. Pure.
#pragma once

#include <leat/app/metrics.hpp>
#include <leat/runtime/run.hpp>

#include <cstdint>
#include <string>

namespace leat {

struct RunCheckpoints {
  std::uint64_t published = 0, given_up = 0;
  std::uint64_t restarts = 0;  ///< times that it has begun anew by itself
  std::uint64_t latest = 0;    ///< number of the one that was published last; 0: none
  std::uint64_t bytes = 0;     ///< of that, on the disk
  double took = 0;             ///< seconds from its order
  std::uint64_t when = 0;      ///< as unix_time()

  /// `now`, here and below: as unix_time().
  void see(const CheckpointTaken& checkpoint, std::uint64_t now);
  /// {"published": 7, "given_up": 0, "restarts": 0, "latest": 7, "bytes": 4096, "seconds": 0.02, "age_s": 1.5}; the last four
  /// where one was published.
  std::string json(std::uint64_t now) const;
};

/// Of the job called so.
MetricFamilies checkpoint_metrics(const std::string& job, const RunCheckpoints& checkpoints, std::uint64_t now);

}  // namespace leat
