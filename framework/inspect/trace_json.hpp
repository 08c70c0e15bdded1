/// Snapshots of a job one after the other, in the form that Perfetto and Chrome's tracing show. Pure.
#pragma once

#include <leat/diagnosis/snapshot.hpp>

#include <string>
#include <vector>

namespace leat::inspect {

/// {"traceEvents": [...]}: a process for each node, a track for each cell with what it did, a counter for each channel
/// with the bytes in it. What began and ended between two snapshots is not seen.
std::string trace_json(const std::vector<JobSnapshot>& samples);

}  // namespace leat::inspect
