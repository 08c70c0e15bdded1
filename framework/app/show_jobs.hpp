/// What people and programs see of jobs that were asked. Pure: JSON of described() in, text out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// A line a job: number, kind, graph, state, part done, time, pid; what is not known is "–".
std::string jobs_text(const std::vector<std::string>& jobs);
/// {"type": "jobs", "version": 1, "jobs": [...]}, without a line end.
std::string jobs_json(const std::vector<std::string>& jobs);

/// All that one says of itself, and its stages.
std::string job_text(const std::string& job);

/// What a dump says: the job, its threads and where they wait, its cells and channels.
std::string dump_text(const std::string& dump);

/// Lines of a log, as `logs` answers them, as a terminal shows them; of nothing else "".
std::string log_text(const std::string& answer);
/// The same, an object of JSON a line.
std::string log_json(const std::string& answer);
/// What one process of a job answers to `logs`; `node`: "" of the coordinator.
struct NodeLines {
  std::string node;
  std::string answer;
};
/// The lines of all, by their times, as one answer: each has its `node`, null of the coordinator, which log_text() puts
/// before it.
std::string merged(const std::vector<NodeLines>& lines);
/// That a node has not answered, as a line of the log.
std::string silent_text(const std::string& node, bool json);
/// The number of the line that comes after those of the answer; `from` where it has none.
std::uint64_t line_after(const std::string& answer, std::uint64_t from);

}  // namespace leat
