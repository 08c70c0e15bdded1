/// Knocks at a front door, to learn whether it would let us in and, if not, exactly why.
#pragma once

#include <chrono>

#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Connects with mutual TLS 1.3, waits until the door has said something, and leaves. Returns the address that answered, in numbers. Errors: disconnected (nothing listens
/// there, one side refuses the other's certificate, no TLS 1.3, silence), invalid (credentials).
/// Waits `within` at most; the system's resolver may take longer over a name.
Result<Endpoint> knock(const Endpoint& at, const Credentials& credentials,
                       std::chrono::milliseconds within);

}  // namespace leat
