/// Asides: functions of the user's, each on a thread of its own beside everything else. One that does not
/// return is left behind: it holds up no shutdown.
#pragma once

#include <leat/chunk/log.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace leat {

/// Threads: one at a time.
class DetachedCall {
 public:
  /// Calls it at once. It owns or shares whatever it touches, as it may outlive this, and throws nothing.
  /// `whose`: "job 3", for the log.
  DetachedCall(std::string whose, Log log, std::function<void()> call);
  DetachedCall(DetachedCall&&) = default;
  DetachedCall& operator=(DetachedCall&&) = delete;
  /// wait_until() kGrace from now.
  ~DetachedCall();

  /// The call has returned: nothing waits for it any more.
  bool done() const;
  /// Waits for the call; leaves it behind, with a warning in the log, when it has not returned by then.
  void wait_until(std::chrono::steady_clock::time_point until);

  static constexpr std::chrono::milliseconds kGrace{2000};

 private:
  struct Call;
  std::string whose_;
  Log log_;
  std::shared_ptr<Call> call_;
  std::thread thread_;
};

/// Calls that were left behind and have not returned. A process with any leaves by _exit(): destroying what
/// is static would take what they use from under them. Threads: any.
std::size_t left_behind();

}  // namespace leat
