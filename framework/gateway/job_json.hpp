/// Jobs and graphs as the API shows them: an object of JSON each, on a line.
#pragma once

#include <leat/gateway/jobs.hpp>

#include <string>
#include <vector>

namespace leat {

/// {"id": 41, "graph": "train", "stage": "running", ...}: times in UTC, numbers beyond 2^53 as text.
std::string job_json(const JobView& view);
/// {"jobs": [...], "next": 12}: next is what `before` is for those after; null where there are none.
std::string jobs_json(const std::vector<JobView>& views, bool more);
/// {"type": "jobs", "number": N, "counts": {"queued": ..., "running": ..., "ended": ...}, "running": [...], "queued": [...]}: jobs
/// without what they were given.
std::string live_json(const Jobs::Current& current, std::uint64_t number);
/// {"cluster": false, "graphs": [{"name": ..., "sentence": ..., "params": [...]}]}
std::string graphs_json(const std::vector<Program>& programs, bool has_cluster);

/// What a client asks for: {"graph": ..., "args": {...}, "priority": 0, "threads": 2, "cluster": false}. Errors: invalid, one sentence
/// that names the member.
Result<JobRequest> parse_job_request(const std::string& text);

/// A change: {"priority": 3, "pinned": true}, each or both. Errors: invalid.
struct JobChange {
  std::optional<int> priority = {};
  std::optional<bool> pinned = {};
};
Result<JobChange> parse_job_change(const std::string& text);

/// How long a link is to be good: {"hours": 24}, at most kMostHours. Errors: invalid.
inline constexpr std::int64_t kMostHours = 24 * 30;
Result<std::chrono::hours> parse_link_request(const std::string& text);

}  // namespace leat
