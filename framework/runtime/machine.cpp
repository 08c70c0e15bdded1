#include <leat/runtime/machine.hpp>

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

namespace leat {
namespace {

// The cgroup of this process in one hierarchy: "" selects v2's.
std::string cgroup_path(const std::string& controller) {
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    auto first = line.find(':');
    auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    std::string names = line.substr(first + 1, second - first - 1);
    bool found = names == controller || names.starts_with(controller + ",") || names.ends_with("," + controller) ||
                 names.find("," + controller + ",") != names.npos;
    if (found) return line.substr(second + 1);
  }
  return "/";
}

// The tightest quota from a cgroup up to the root, in CPUs; inside a container only the root is seen.
double quota_v2(std::string path) {
  double least = INFINITY;
  while (true) {
    std::ifstream in("/sys/fs/cgroup" + (path == "/" ? "" : path) + "/cpu.max");
    std::string quota;
    double period = 0;
    if (in >> quota >> period && quota != "max" && period > 0) least = std::min(least, std::stod(quota) / period);
    if (path.size() <= 1) return least;
    path.erase(std::max<std::size_t>(path.rfind('/'), 1));
    if (path.size() <= 1) path = "/";
  }
}

double quota_v1(const std::string& path) {
  double least = INFINITY;
  for (const std::string& at : {path, std::string()}) {
    double quota = -1;
    double period = 0;
    std::ifstream("/sys/fs/cgroup/cpu" + at + "/cpu.cfs_quota_us") >> quota;
    std::ifstream("/sys/fs/cgroup/cpu" + at + "/cpu.cfs_period_us") >> period;
    if (quota > 0 && period > 0) least = std::min(least, quota / period);
  }
  return least;
}

std::uint64_t status_bytes(const std::string& name) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(name, 0) == 0) return std::stoull(line.substr(name.size())) * 1024;
  }
  return 0;
}

}  // namespace

std::size_t cpu_budget() {
  cpu_set_t set;
  CPU_ZERO(&set);
  double cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  cpus = std::min({cpus, quota_v2(cgroup_path("")), quota_v1(cgroup_path("cpu"))});
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(cpus)));
}

std::uint64_t peak_memory() { return status_bytes("VmHWM:"); }

std::uint64_t resident_memory() { return status_bytes("VmRSS:"); }

bool memory_tells() {
#ifdef __SANITIZE_ADDRESS__
  return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  return false;
#endif
#endif
  return true;
}

ThreadUsage thread_usage() {
  rusage usage{};
  if (::getrusage(RUSAGE_THREAD, &usage) != 0) return {};
  auto time = [](const timeval& of) { return std::chrono::seconds(of.tv_sec) + std::chrono::microseconds(of.tv_usec); };
  return {static_cast<std::uint64_t>(usage.ru_minflt), time(usage.ru_utime) + time(usage.ru_stime),
          static_cast<std::uint64_t>(usage.ru_nvcsw)};
}

}  // namespace leat
