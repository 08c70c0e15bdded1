/// The routes of jobs and graphs.
#pragma once

#include <leat/gateway/jobs.hpp>
#include <leat/gateway/route.hpp>

#include <string>
#include <vector>

namespace leat {

/// /api/v1/graphs and /api/v1/jobs. Refer to both, which live longer.
std::vector<Route> job_routes(Jobs& jobs, const std::vector<Program>& programs);

}  // namespace leat
