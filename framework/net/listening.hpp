/// Listening on an endpoint.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/net/asio.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Opens `acceptor` on the first address `at` resolves to. Returns where it listens, with the port
/// that was free. Errors: failed (port in use, no such address).
Result<Endpoint> listen(asio::ip::tcp::acceptor& acceptor, const Endpoint& at);

}  // namespace leat
