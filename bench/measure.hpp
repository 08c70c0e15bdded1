#pragma once
// What every measured program says about itself: one line of JSON on stdout.

#include <chrono>
#include <string>

#include <nlohmann/json.hpp>

namespace bench {

using Json = nlohmann::ordered_json;

/// Wall-clock seconds since it was made.
class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Largest resident set of this process so far, in MB (10^6 bytes): VmHWM, which starts anew
/// at exec. ru_maxrss does not: it still holds what the parent had resident at the fork.
double peak_rss_mb();

/// Prints {"program", "seconds", "items", "per_second", "peak_rss_mb"} and then `more`.
void print_line(const std::string& program, double seconds, double items, const Json& more);

/// Keeps one core busy for `span`: a consumer whose work takes that long per chunk.
void busy_for(std::chrono::microseconds span);

}  // namespace bench
