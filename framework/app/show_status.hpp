/// What people and programs see of a cluster. Pure: text in, text out.
#pragma once

#include <leat/cluster/cluster.hpp>

#include <string>

namespace leat {

/// A line a node, then a line a job, and below it one for each stage that counts something itself.
std::string status_text(const ClusterStatus& status);

/// {"type": "status", "nodes": [...], "jobs": [...]}, without a line end.
std::string status_json(const ClusterStatus& status);

}  // namespace leat
