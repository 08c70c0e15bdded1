/// The TLS proxy: owns a public port, and lets through to the service behind it only those who
/// prove with a certificate that they belong, so that strangers reach neither its sockets nor its
/// memory.
///
/// A preflight (preflight.hpp) it answers itself: the service does not hear of it.
///
/// It speaks TLS 1.3 with clients, and splices what they say with a plain connection of their own to the
/// service. Splicing the encrypted bytes instead would show the service every stranger's broken handshake:
/// CAF 0.17 leaves OpenSSL's errors in its thread's queue, and the next read of any other connection then
/// fails. For the same reason the service has no port on loopback: any user of the machine could connect there.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/pending_connections.hpp>

namespace leat {

/// Threads: any. Owns one I/O thread. Destroying it closes all connections; what the service has said is sent
/// on before, for a second at most.
class TlsProxy {
 public:
  struct Options {
    Endpoint listen;
    std::filesystem::path inside;  ///< the service: a Unix socket that others cannot reach
    Credentials credentials;       ///< read once, when it opens
    Log log;  ///< connections it closes, with the peer and the reason: of strangers' as LimitedLog says
    /// Connections may be pending, that is not yet known by their certificate, this many at a time;
    /// one more takes the place of the oldest, but of none that is here for less than `pending_stay`.
    std::size_t pending = kPending;
    std::chrono::milliseconds pending_stay = kPendingStay;
    std::size_t first_bytes = 48 * 1024;        ///< taken from a pending one, at most: a hello, certificates, a signature
    std::chrono::milliseconds pending_for{5000};  ///< and only for so long
    std::chrono::milliseconds idle{15000};      ///< above the service's heartbeat
  };
  /// Errors: invalid (credentials, no socket inside), failed (port in use, no such address).
  static Result<std::unique_ptr<TlsProxy>> open(Options options);
  virtual ~TlsProxy() = default;
  virtual Endpoint endpoint() const = 0;
};

}  // namespace leat
