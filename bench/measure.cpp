#include "measure.hpp"

#include <fstream>
#include <iostream>
#include <sstream>

namespace bench {

double peak_rss_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("VmHWM:")) continue;
    std::istringstream words(line.substr(6));
    double kib = 0;
    words >> kib;
    return kib * 1024 / 1e6;
  }
  return 0;
}

void print_line(const std::string& program, double seconds, double items, const Json& more) {
  Json line = {{"program", program},
               {"seconds", seconds},
               {"items", items},
               {"per_second", seconds > 0 ? items / seconds : 0},
               {"peak_rss_mb", peak_rss_mb()}};
  line.update(more);
  std::cout << line.dump() << std::endl;
}

void busy_for(std::chrono::microseconds span) {
  const auto end = std::chrono::steady_clock::now() + span;
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace bench
