/// The routes of jobs and graphs.
#pragma once

#include <leat/gateway/job_history.hpp>
#include <leat/gateway/jobs.hpp>
#include <leat/gateway/route.hpp>

#include <string>
#include <vector>

namespace leat {

/// /api/v1/graphs and /api/v1/jobs. Refer to all three, which live longer.
std::vector<Route> job_routes(Jobs& jobs, JobHistory& history, const std::vector<Program>& programs, bool has_cluster);

}  // namespace leat
