/// The front door: owns a public port and splices what is behind it, so that strangers cannot exhaust
/// a service that has no such limits of its own.
///
/// Made for TLS 1.3: a connection is young until the service has answered the client's last handshake
/// message with more than an alert. Young ones get `young` slots, `first_bytes` in all, `young_for`.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

#include <chrono>
#include <memory>

namespace leat {

/// Threads: any. Owns one I/O thread.
class FrontDoor {
 public:
  struct Options {
    Endpoint listen;
    Endpoint inside;  ///< the service, on loopback
    Log log;          ///< one line for each connection it closes, with the peer and the reason
    std::size_t young = 64;
    std::size_t first_bytes = 4096;
    std::chrono::milliseconds young_for{5000};
    std::chrono::milliseconds idle{15000};  ///< above the service's heartbeat
  };
  /// Errors: failed (port in use, no such address).
  static Result<std::unique_ptr<FrontDoor>> open(Options options);
  virtual ~FrontDoor() = default;
  virtual Endpoint endpoint() const = 0;
};

}  // namespace leat
