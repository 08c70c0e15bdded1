/// The command that makes a cluster's certificates.
#pragma once

#include <leat/app/request.hpp>
#include <leat/app/voice.hpp>

namespace leat {

/// `certs init` and `certs node`. Returns the exit status.
int certs_command(const Request& request, const Voice& voice);

}  // namespace leat
