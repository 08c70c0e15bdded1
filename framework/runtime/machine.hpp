/// What this machine lets the process have.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace leat {

/// CPUs this process may use: the least of its affinity mask and its cgroup's quota (v2 and v1),
/// rounded up; at least 1.
std::size_t cpu_budget();

/// Resident bytes of this process: the most so far (VmHWM).
std::uint64_t peak_memory();

/// Resident bytes of this process now.
std::uint64_t resident_memory();

/// False where resident memory says nothing of the program: AddressSanitizer has its own in it.
bool memory_tells();

/// What a thread has used so far.
struct ThreadUsage {
  std::uint64_t pages = 0;          ///< how often it touched a page that was not there: what makes a process grow
  std::chrono::nanoseconds cpu{0};  ///< on a CPU
  std::uint64_t waits = 0;          ///< how often it left its CPU of its own accord
};
/// That of the calling thread.
ThreadUsage thread_usage();

}  // namespace leat
