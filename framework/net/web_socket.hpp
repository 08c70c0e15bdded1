/// A WebSocket connection (RFC 6455) that a request has become.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace leat {

/// What comes of a connection, called on the server's thread.
struct WebSocketEvents {
  std::function<void(std::string message, bool binary)> message = {};  ///< whole
  std::function<void()> closed = {};                                    ///< once, however it came
};

/// Threads: any. What its peer does not take is bounded: with more than kMostUnsent bytes waiting, or when one
/// message is not taken within kPatience, the connection is closed.
class WebSocket {
 public:
  static constexpr std::size_t kMostUnsent = std::size_t{4} << 20;
  static constexpr std::size_t kMostMessage = std::size_t{64} << 10;  ///< bytes of one that comes

  virtual ~WebSocket() = default;
  /// Sends a message after those before it; encoded once, it can go to many. Nothing on one that is closed.
  virtual void send(std::shared_ptr<const std::string> message, bool binary = false) = 0;
  /// Ends it with a normal close, after what was sent before; `reason` of at most 120 bytes tells the peer why.
  virtual void close(const std::string& reason) = 0;
  /// Bytes that the peer has not taken yet: who sends the latest only waits until there are none.
  virtual std::size_t unsent() const = 0;
};

}  // namespace leat
