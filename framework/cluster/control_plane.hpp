/// The control plane: small messages between a coordinator and those that joined it, over CAF's
/// distributed layer with mutual TLS 1.3. Everything above sees bytes and peers only, so the same
/// coordinator and agents run over it, in one process, and in a simulation.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// One connection of one peer: never used again after it is gone.
using PeerId = std::uint64_t;

/// The coordinator, seen from those that joined it.
inline constexpr PeerId kCoordinator = 0;

using ControlBytes = std::vector<std::byte>;

/// What happens on a control plane. Called one at a time, on a thread that no chunk work delays; the
/// first may come before listen_control or connect_control has returned. They must not throw, wait, or
/// destroy the plane.
struct ControlEvents {
  std::function<void(PeerId)> joined;                           ///< listening side only
  std::function<void(PeerId, const ControlBytes&)> message;     ///< in the order one thread sent
  std::function<void(PeerId, const std::string& why)> gone;     ///< its process died or closed
  std::function<void()> tick;                                   ///< every `tick_every`
};

/// Threads: any. Destroying it says nothing to peers but that this end is gone; no event comes after.
class ControlPlane {
 public:
  virtual ~ControlPlane() = default;

  /// Sends without waiting. To a peer that is gone: nothing happens.
  virtual void send(PeerId to, ControlBytes bytes) = 0;
  /// Forgets a peer: nothing more is delivered from it, `gone` included. It sees what was sent before,
  /// then that this side is gone.
  virtual void drop(PeerId peer) = 0;
  /// Where it listens (the listening side), or what it is connected to.
  virtual Endpoint endpoint() const = 0;
};

struct ControlOptions {
  Endpoint at;              ///< to listen on, or to connect to
  Credentials credentials;  ///< always mutual TLS 1.3, on loopback too
  Log log;
  std::chrono::milliseconds tick_every{100};
  std::chrono::milliseconds connect_within{5000};
};

/// Listens behind a TlsProxy. Notices that a peer's process has ended, not that it has stopped: those
/// above must hear from each other more often than its idle time-out. Errors: failed (port in use), invalid (credentials).
Result<std::unique_ptr<ControlPlane>> listen_control(ControlOptions options, ControlEvents events);

/// Connects: waits for no one who is not there, but tries again, for `connect_within` in all, where the proxy only
/// has no place now, and says to `log` that it waits. Errors: disconnected, with the address and the
/// reason (nothing there, one side refuses the other's certificate, not leat), invalid (credentials).
Result<std::unique_ptr<ControlPlane>> connect_control(ControlOptions options, ControlEvents events);

}  // namespace leat
