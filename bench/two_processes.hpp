#pragma once
// What the programs of the `cluster` benchmark share: a second process, what was used, and the
// distribution of round trips.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

/// Lines of JSON between the two processes, beside what is measured. Throws when the other is gone.
class Wire {
 public:
  explicit Wire(int socket) : socket_(socket) {}
  void tell(const Json& line) const;
  [[nodiscard]] Json hear() const;

 private:
  int socket_;
};

/// The other process of a pair. Fork it before this one has threads; it dies with this one.
class OtherProcess {
 public:
  /// Runs `body` in a new process, which ends when it returns.
  explicit OtherProcess(const std::function<void(Wire)>& body);
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;
  ~OtherProcess();

  [[nodiscard]] Wire wire() const { return Wire(socket_); }
  void stop() const;      ///< SIGSTOP; returns once it stands still
  void carry_on() const;  ///< SIGCONT

 private:
  pid_t pid_ = -1;
  int socket_ = -1;
};

/// CPU seconds of this process so far, user and system.
double cpu_seconds();

/// Resident memory of this process now, in MB (10^6 bytes).
double rss_mb();

/// What one process used between two moments.
class Meter {
 public:
  Meter() : cpu_(cpu_seconds()) {}
  [[nodiscard]] Json used() const;  ///< {"seconds", "cpu", "peak_rss_mb"}

 private:
  Stopwatch watch_;
  double cpu_;
};

/// Prints the line of a transfer of `chunks` chunks of `bytes` each, from what both ends used.
void print_transfer(const std::string& program, std::size_t chunks, std::size_t bytes,
                    const Json& sender, const Json& receiver, const Json& more);

/// Round trips, in seconds.
class RoundTrips {
 public:
  explicit RoundTrips(std::size_t expected) { all_.reserve(expected); }
  void add(double seconds) { all_.push_back(seconds); }
  [[nodiscard]] std::size_t count() const { return all_.size(); }
  /// Prints p50_us, p99_us, worst_us.
  void print(const std::string& program, double seconds, const Json& more);

 private:
  std::vector<double> all_;
};

/// Seconds on the clock that both processes share.
inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace bench
