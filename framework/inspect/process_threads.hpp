/// The threads of this process, as the kernel sees them: what no lock and no stuck thread can withhold.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::inspect {

struct ThreadStatus {
  pid_t id = 0;
  std::string name;
  char state = '?';       ///< R runs, S sleeps, D waits for a disk, T is stopped ...
  double cpu = 0;         ///< seconds on a CPU
  std::string waits_in;   ///< the kernel's function that it waits in; "" where it runs, or the kernel does not tell
};

/// What /proc/PID/task/ID/stat says, where a second has so many ticks: all but waits_in. Nothing of another text. Pure.
std::optional<ThreadStatus> parse_thread_stat(std::string_view text, long ticks);

/// All of them, by id. One that ends meanwhile is left out. Threads: any.
std::vector<ThreadStatus> process_threads();

/// When this process began, in seconds since 1970 or a little off: with its pid, no other process is the same.
double process_began();

}  // namespace leat::inspect
