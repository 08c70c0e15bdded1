/// Asking the jobs of this machine, or those of a cluster, for the verbs that do.
#pragma once

#include <leat/app/verbs.hpp>
#include <leat/inspect/inspect_client.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leat {

/// Adds the job that is asked, by number or graph, and what of it is wanted.
void add_job(CLI::App& command, ParsedCommand& parsed);
/// Adds `--over`, for how long it is looked at.
void add_over(CLI::App& command, ParsedCommand& parsed, const std::string& about);
/// Adds `--cluster` with its credentials, for what a coordinator can be asked too.
void add_cluster(CLI::App& command, ParsedCommand& parsed, const std::string& about);
/// Adds `--service` with its token, for what a service can be asked too.
void add_service(CLI::App& command, ParsedCommand& parsed, const std::string& about);
void add_json(CLI::App& command, ParsedCommand& parsed);

/// The number that a text is; nothing of another.
std::optional<inspect::JobNumber> number_in(const std::string& text);

/// A connection to the job that was said. Errors: those of connect_to_job(); invalid (no job, or several, of that
/// graph; the near name).
Result<inspect::InspectClient> asked_job(const Request& request);

/// What it says of itself, an object of JSON, its number among it.
Result<std::string> described(inspect::InspectClient& client);

/// All jobs of this machine, as described(). Of one that does not answer, its number, state and pid.
Result<std::vector<std::string>> local_jobs();
/// All jobs of the coordinator's, as described().
Result<std::vector<std::string>> cluster_jobs(const VerbCall& call);

/// The same of one.
std::string described_job(const JobStatus& job);
/// A cluster's job, by number or graph. Errors: invalid (there is none, and the near name; several of that graph).
Result<JobStatus> job_called(const ClusterStatus& status, const std::string& said);

/// ", did you mean train?", or "".
std::string did_you_mean(const std::vector<std::string>& names, const std::string& word);

}  // namespace leat
