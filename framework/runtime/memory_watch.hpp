/// Whether a process keeps to the bound of what it runs: its chunks do, by credit; what a stage takes
/// from the system beside them shows only in the process.
#pragma once

#include <leat/graph/bound.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leat {

/// What to say of a process that had `used` bytes resident where `bound` was planned: nothing up to a tenth
/// over it. `most`: the stage that touched most memory, or "" where nobody knows. Pure.
std::optional<std::string> over_bound(std::uint64_t used, std::uint64_t bound, std::string_view most);

/// Watches this process while it runs one plan. Threads: one.
///
/// What the process had before counts as it is when the watch begins. It cannot tell what else the program
/// does meanwhile; beside another watch, and under AddressSanitizer, it says nothing.
class MemoryWatch {
 public:
  MemoryWatch();
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  /// Looks at what is resident now: every now and then.
  void look();
  /// As over_bound(), of the most there was since the watch began, whatever the process had at its peak
  /// before.
  std::optional<std::string> over(const Bound& bound, std::string_view most);

 private:
  std::uint64_t began_with_;
  std::uint64_t peak_before_;
  std::uint64_t seen_;
  std::uint64_t number_;
  bool alone_;
};

}  // namespace leat
