/// The front door: owns a public port, and lets through to the service behind it only those who
/// prove with a certificate that they belong, so that strangers reach neither its sockets nor its
/// memory.
///
/// It speaks TLS 1.3 with both sides and splices what they say. Splicing the encrypted bytes
/// instead would show the service every stranger's broken handshake: CAF 0.17 leaves OpenSSL's
/// errors in its thread's queue, and the next read of any other connection then fails. For the same
/// reason the door ends its connections to the service in good order, even when the client's
/// process was killed.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Threads: any. Owns one I/O thread. Destroying it closes all connections.
class FrontDoor {
 public:
  struct Options {
    Endpoint listen;
    Endpoint inside;  ///< the service, on loopback; speaks mutual TLS 1.3 under the same authority
    Credentials credentials;  ///< shown to both sides; read once, when it opens
    Log log;  ///< one line for each connection it closes, with the peer and the reason
    /// Connections may be young, that is not yet known by their certificate, this many at a time;
    /// one more takes the place of the oldest.
    std::size_t young = 64;
    std::size_t first_bytes = 4096;             ///< taken from a young one, at most
    std::chrono::milliseconds young_for{5000};  ///< and only for so long
    std::chrono::milliseconds idle{15000};      ///< above the service's heartbeat
  };
  /// Errors: invalid (credentials), failed (port in use, no such address).
  static Result<std::unique_ptr<FrontDoor>> open(Options options);
  virtual ~FrontDoor() = default;
  virtual Endpoint endpoint() const = 0;
};

}  // namespace leat
