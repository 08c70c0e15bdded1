/// Telling a service supervisor how a process is: the datagrams of sd_notify(3). Without NOTIFY_SOCKET
/// nothing is sent.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace leat {

/// Sends one message, such as "READY=1" or "STOPPING=1"; false when nobody asked for it or it failed.
bool notify_supervisor(const std::string& message);

/// A service, as its supervisor is told of it: that it stops is said once on every way out, and no more that it
/// is ready. Threads: any.
class Supervised {
 public:
  Supervised() = default;
  ~Supervised() { stopping(); }
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  void ready();
  void stopping();

 private:
  std::atomic<bool> stops_{false};
};

/// Sends WATCHDOG=1 at half of WATCHDOG_USEC as long as it lives; nothing when that is not set.
class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool quit_ = false;
  std::thread thread_;
};

}  // namespace leat
