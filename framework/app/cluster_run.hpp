/// The commands that use a cluster: run a graph there, look at it, let a node go.
#pragma once

#include <leat/app/request.hpp>
#include <leat/app/voice.hpp>
#include <leat/cluster/cluster.hpp>

namespace leat {

/// `run --cluster` and `run --listen`. Returns the exit status.
int cluster_run_command(const ProgramIdentity& identity, const Request& request, const Voice& voice);
int status_command(const ProgramIdentity& identity, const Request& request, const Voice& voice);
int drain_command(const ProgramIdentity& identity, const Request& request, const Voice& voice);

}  // namespace leat
