/// Crews: what runs cells. Injected, so that a simulation can run the same cells in one thread.
#pragma once

#include <leat/actor/link.hpp>
#include <leat/chunk/result.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <system_error>

namespace leat {

/// Something that is run in short steps, never by two threads at once.
class Steppable {
 public:
  virtual ~Steppable() = default;

  enum class Next {
    again,  ///< more to do: step again soon, after others had their turn
    sleep,  ///< nothing to do until woken
    quit,   ///< never again
  };
  /// About a millisecond of work. Does not throw.
  virtual Next step() = 0;
  /// It slept, and will be stepped as soon as there is a thread. Called once before the next step. Threads: any.
  virtual void woken() {}
  /// After a step that said `sleep`: when to step again if nothing wakes it before. Threads: that of the step.
  virtual std::chrono::steady_clock::time_point wakes_at() const {
    return std::chrono::steady_clock::time_point::max();
  }
};

/// Two ways to wake a cell.
struct Wakes {
  Wake anywhere;  ///< on whichever thread is free: credit has come, a gate has opened
  Wake here;      ///< next on this thread, while what was just written is in its cache: data has come
};

/// Threads: any. Destroying a crew waits until all it hosts have quit.
class Crew {
 public:
  virtual ~Crew() = default;

  /// Hosts `what`, asleep until woken. A wake during a step is not lost. `detached`: on a thread of its
  /// own, for what blocks; throws std::system_error where the system gives none.
  virtual Wakes host(std::shared_ptr<Steppable> what, bool detached) = 0;
};

/// How CAF shares its threads out.
enum class Scheduling {
  sharing,   ///< one queue: wakes a sleeping thread for every cell that becomes ready
  stealing,  ///< a queue a thread: others look for work now and then; a chunk stays on its thread
};

/// Cells as CAF actors on `threads` threads. Throws std::system_error where the system does not give as many.
std::unique_ptr<Crew> caf_crew(std::size_t threads, Scheduling scheduling);

/// What to say where the system does not give `threads` threads.
Error no_threads(std::size_t threads, const std::system_error& error);

}  // namespace leat
