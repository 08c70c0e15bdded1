/// The commands that serve: a node of a cluster, and its coordinator. They run until told to stop.
#pragma once

#include <leat/app/request.hpp>
#include <leat/app/voice.hpp>
#include <leat/cluster/cluster.hpp>

namespace leat {

/// Returns the exit status: 0 when drained.
int node_command(const ProgramIdentity& identity, const Request& request, const Voice& voice);
int coordinator_command(const ProgramIdentity& identity, const Request& request, const Voice& voice);

/// What proves this process to others: what was given, or, on loopback, what is made on first use.
Result<Credentials> credentials_of(const Reach& reach);

}  // namespace leat
