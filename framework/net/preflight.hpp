/// Asks a TLS proxy, to learn whether it would let us in and, if not, exactly why.
#pragma once

#include <chrono>

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Connects with mutual TLS 1.3, waits until the proxy has said something, and leaves. Returns the address that
/// answered, in numbers. A proxy that is full hangs up on whoever came first: it is tried again, and `log` is told
/// once that we wait. Errors: disconnected (nothing listens there, one side refuses the other's certificate, no
/// TLS 1.3, silence, hung up until the end), invalid (credentials).
/// Waits `within` at most; the system's resolver may take longer over a name. Threads: any.
Result<Endpoint> preflight(const Endpoint& at, const Credentials& credentials, std::chrono::milliseconds within,
                       const Log& log = Log());

}  // namespace leat
