/// An HTTP/1.1 server: every request is given to one function, which answers it now or later, from any thread.
///
///   auto server = HttpServer::open({.serve = [](std::shared_ptr<HttpExchange> one) {
///     one->answer({200, "text/plain", "hello\n"});
///   }});
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/http_message.hpp>
#include <leat/net/web_socket.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace leat {

/// One request, and the way to answer it. Threads: any, one at a time.
class HttpExchange {
 public:
  /// One that nobody has answered is answered with 500.
  virtual ~HttpExchange() = default;

  virtual const HttpRequest& request() const = 0;
  /// Reads the next part of the body, at most kPart bytes that live until `then` returns; "" at its end. `then` is
  /// called on the server's thread, once. The client is kept waiting until somebody reads. Errors: disconnected (it
  /// left, or sent nothing for the server's patience), invalid (what came is no body).
  virtual void read(std::function<void(Result<std::string_view>)> then) = 0;
  /// Once. A body that has not been read to its end closes the connection.
  virtual void answer(HttpAnswer answer) = 0;
  /// Instead of answer(): goes on as a WebSocket, with the subprotocol `protocol` unless that is "". `opened` is called
  /// on the server's thread with the connection, or with null when the handshake has failed.
  virtual void upgrade(WebSocketEvents events, const std::string& protocol,
                       std::function<void(std::shared_ptr<WebSocket>)> opened) = 0;
  /// Whether the connection is gone, as far as that is known: nobody will read the answer.
  virtual bool left() const = 0;
  /// From now on a client that hangs up while it waits is known to have left(). After its body has been read.
  virtual void watch() = 0;

  static constexpr std::size_t kPart = std::size_t{64} << 10;
};

/// Reads a body whole. Errors: overloaded (more than `most` bytes), and those of HttpExchange::read().
void read_body(std::shared_ptr<HttpExchange> exchange, std::size_t most, std::function<void(Result<std::string>)> then);

struct HttpLimits {
  std::size_t connections = 16;     ///< at a time; who asks nothing goes for one more
  std::uint32_t header = 8192;      ///< bytes
  std::chrono::seconds patience{5};  ///< for a header, for each part of a body, and for each part of an answer
  std::chrono::seconds idle{5};      ///< between requests
};

/// Threads: any. Owns one I/O thread, on which `serve` is called: what takes long goes elsewhere.
class HttpServer {
 public:
  struct Options {
    Endpoint listen = {};
    std::optional<Credentials> tls = {};  ///< TLS 1.3, clients without certificates; its authority is not looked at
    HttpLimits limits = {};
    std::function<void(std::shared_ptr<HttpExchange>)> serve = {};
    Log log = {};
  };
  /// Errors: invalid (off loopback without TLS, a certificate that cannot be used), failed (port in use).
  static Result<std::unique_ptr<HttpServer>> open(Options options);
  /// Closes all connections. Exchanges that are still held can be answered, to nobody.
  virtual ~HttpServer() = default;

  virtual Endpoint endpoint() const = 0;
  /// Calls it on the server's thread, later.
  virtual void post(std::function<void()> call) = 0;
  /// How many connections there are.
  virtual std::size_t connections() const = 0;
};

}  // namespace leat
