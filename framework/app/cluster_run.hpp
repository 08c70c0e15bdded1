/// Running a graph on a cluster. The verb status is beside it.
#pragma once

#include <leat/app/verbs.hpp>

namespace leat {

/// How the coordinator that was said is met. Errors: those of credentials_of().
Result<SubmitOptions> submit_options(const ProgramIdentity& identity, const Request& request);

/// `run --cluster` and `run --listen`. Returns the exit status.
int cluster_run_command(const VerbCall& call);

}  // namespace leat
