/// Standstill: notices that a run gets nowhere while a stage waits to be called again. Pure.
#pragma once

#include <leat/runtime/run.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace leat {

/// Threads: one.
class Standstill {
 public:
  static constexpr double kAfter = 10;  ///< seconds

  /// A sentence when nothing has moved for kAfter seconds and a stage has answered later all that time, the first
  /// that did; once, until something moves again.
  std::optional<std::string> look(const Progress& progress);

 private:
  std::uint64_t moved_ = 0;  // visits and chunks of all stages, last time
  double since_ = 0;         // when that changed, in seconds of the run
  bool said_ = false;
};

}  // namespace leat
