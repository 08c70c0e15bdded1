/// What proves this process to a cluster. The verbs that serve, node and coordinator, are beside it.
#pragma once

#include <leat/app/request.hpp>
#include <leat/cluster/cluster.hpp>

namespace leat {

/// What proves this process to others: what was given, or, on loopback, what is made on first use.
Result<Credentials> credentials_of(const CoordinatorAccess& access);

}  // namespace leat
