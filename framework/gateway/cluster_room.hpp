/// Whether a job of the service may begin on a cluster now. Pure: what the coordinator says and what of the service's own is
/// there is given, and a reason comes back.
///
/// A job is given to the cluster only into free capacity: what waits waits here, by priority and shares, and no more than
/// one job of a service at a time is waited for by the coordinator, so that two queues never fight.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// A cluster's nodes and jobs.
struct ClusterRoom {
  struct Node {
    std::string name = {};
    std::uint64_t memory = 0;  ///< bytes, of all its jobs together; 0: it has no limit
    bool draining = false;     ///< takes no new jobs
  };
  struct Job {
    std::uint64_t number = 0;  ///< the cluster's
    std::string graph = {};
    std::string phase = {};    ///< as JobStatus has it
    std::string why = {};      ///< while it waits
  };
  std::vector<Node> nodes = {};
  std::vector<Job> jobs = {};
};

/// What `status --json` says. Errors: corrupt.
Result<ClusterRoom> parse_cluster_room(const std::string& text);

/// A job of the service whose process is there.
struct SentJob {
  std::uint64_t id = 0;      ///< the service's
  std::uint64_t number = 0;  ///< the cluster's; 0: it is not known to be there yet
  std::uint64_t memory = 0;  ///< bytes that it may need on a node
};

/// What a job that may need so many bytes on a node waits for: nodes, a job that does not run yet, a cluster without other
/// jobs, or a node with the memory for it besides those of the service that run. What others' jobs hold nobody tells, so
/// beside those none begins. "": it begins. `sent`: as known before the room was.
std::string wait_for_cluster(const ClusterRoom& room, const std::vector<SentJob>& sent, std::uint64_t memory);

/// Of the jobs that are sent one that is not there yet, as a reason; "": all are.
std::string wait_for_sent(const std::vector<SentJob>& sent);

}  // namespace leat
