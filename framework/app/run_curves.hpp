/// What a run draws of itself, whatever its graph draws: what its sources have read, and its memory, over time.
#pragma once

#include <leat/runtime/curve.hpp>
#include <leat/runtime/run.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace leat {

/// Curves of no stage, called "bytes", "rows" and "memory"; x is seconds since 1970, the first two are all so far.
/// Threads: one.
class RunCurves {
 public:
  static constexpr double kEvery = 1;  ///< seconds from one point to the next

  /// What the run has done by then. Kept where it is the first, the last, or due. `memory`: of the process, where it
  /// is that of the run.
  void see(const Progress& progress, std::uint64_t nanoseconds, std::optional<std::uint64_t> memory, bool last = false);
  /// Those, after the curves that stages have drawn by then.
  std::vector<NamedCurve> with(const std::vector<NamedCurve>& drawn) const;

 private:
  Curve bytes_, rows_, memory_;
  double next_ = 0;
};

}  // namespace leat
