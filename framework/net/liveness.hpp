/// Whether a connection is alive, by what goes over it: counted in beats, so that a thread or a process that
/// stood still does not take its own silence for its peer's.
#pragma once

#include <atomic>

namespace leat::wire {

/// Threads: wrote() any; the others one.
class Liveness {
 public:
  /// After so many beats without a byte from the peer it is given up.
  static constexpr int kSilent = 4;

  /// Bytes came.
  void heard() { heard_ = true; }
  /// Bytes went.
  void wrote() {
    if (!wrote_.load(std::memory_order_relaxed)) wrote_.store(true, std::memory_order_relaxed);
  }

  enum class Due {
    nothing,
    sign,  ///< nothing was written since the last beat: the peer needs a sign of life
    end,   ///< the peer has given none
  };
  /// A beat of the clock: what is due.
  Due beat() {
    silent_ = heard_ ? 0 : silent_ + 1;
    heard_ = false;
    if (silent_ >= kSilent) return Due::end;
    return wrote_.exchange(false, std::memory_order_relaxed) ? Due::nothing : Due::sign;
  }

 private:
  bool heard_ = false;
  int silent_ = 0;
  std::atomic<bool> wrote_{false};
};

}  // namespace leat::wire
