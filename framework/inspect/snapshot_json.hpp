/// Snapshots of jobs as JSON, and back: how they come over a socket, and what pages and programs read.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/diagnosis/snapshot.hpp>

#include <string>
#include <string_view>

namespace leat::inspect {

/// One object, on one line. Activities by name; times in nanoseconds, where the name ends with _ns; what is not known
/// is not there. Pure.
std::string snapshot_json(const JobSnapshot& snapshot);

/// The snapshot that it was made of. Errors: corrupt.
Result<JobSnapshot> parse_snapshot(std::string_view json);
/// Of what a process answers to the question `snapshot`. Errors: corrupt.
Result<JobSnapshot> parse_snapshot_answer(std::string_view answer);

}  // namespace leat::inspect
