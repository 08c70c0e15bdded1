/// What this machine lets the process have.
#pragma once

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

/// How often the calling thread has touched a page that was not there: what makes a process grow.
std::uint64_t touched_pages();

}  // namespace leat
