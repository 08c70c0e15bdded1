/// Running a graph on a cluster. The verbs status and drain are beside it.
#pragma once

#include <leat/app/verbs.hpp>

namespace leat {

/// `run --cluster` and `run --listen`. Returns the exit status.
int cluster_run_command(const VerbCall& call);

}  // namespace leat
