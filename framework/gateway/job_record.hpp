/// A job as the service keeps it.
#pragma once

#include <leat/gateway/job_queue.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace leat {

/// UTC.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

inline Time now_utc() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }
/// "2026-11-29T10:05:07.042Z".
std::string time_text(Time time);

/// Where a job is. A process that runs has states of its own besides (kJobStates), which it is asked.
enum class JobStage : std::uint8_t {
  queued,     ///< waits for its turn
  running,    ///< has a process
  done,       ///< ended, all of it is there
  failed,     ///< its program says why
  cancelled,  ///< somebody wanted it to end, and nothing of it is there
  crashed,    ///< its process is gone, and did not say how it ended
};

/// "queued" ... "crashed".
const char* stage_name(JobStage stage);
std::optional<JobStage> stage_called(const std::string& name);
inline bool has_ended(JobStage stage) { return stage > JobStage::running; }

/// A process, which cannot be mistaken for a later one with its number.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t began = 0;  ///< clock ticks since the machine's start (proc(5), field 22)

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

struct JobRecord {
  std::uint64_t id = 0;
  std::string graph = {};
  std::map<std::string, std::string> args = {};   ///< as the client gave them
  std::map<std::string, std::string> values = {};  ///< as the process gets them, with paths of this machine
  std::string tenant = {};
  int priority = 0;
  bool pinned = false;  ///< kept when others go
  Capacity needs = {};  ///< on a cluster: the memory on a node, no threads here
  bool on_cluster = false;
  std::chrono::milliseconds checkpoints{0};  ///< between two of them; 0: it has none
  std::uint64_t restored = 0;                ///< how often it was begun again from one
  JobStage stage = JobStage::queued;
  bool cancelling = false;  ///< somebody wants it to end
  bool draining = false;    ///< somebody wanted its sources to end early
  Time submitted{}, started{}, ended{};
  ProcessIdentity process = {};
  double cpu = 0;           ///< seconds that its process has used, with those it has waited for, as of the last look
  double cpu_before = 0;    ///< of that, what its earlier processes have used, where it was restored
  std::uint64_t bytes = 0;  ///< of its results, once it has ended
  int status = 0;            ///< its exit status, once it has ended
  std::string sentence = {};  ///< why it failed, was cancelled or crashed
};

}  // namespace leat
