/// One connection of an HttpServer, plain or TLS.
#pragma once

#include <leat/net/http_server.hpp>
#include <leat/net/asio.hpp>
#include <leat/net/limited_log.hpp>
#include <leat/net/reactor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace leat::wire {

/// What all connections of a server have in common. Lives as long as any of them.
struct HttpShared {
  std::shared_ptr<Reactor> reactor;
  std::shared_ptr<asio::ssl::context> tls;  ///< null: plain
  std::shared_ptr<LimitedLog> log;
  HttpLimits limits;
  std::function<void(std::shared_ptr<HttpExchange>)> serve;
};

/// Threads: the reactor's.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Event = std::function<void(const std::shared_ptr<HttpConnection>&)>;
  virtual ~HttpConnection() = default;

  virtual void start() = 0;
  /// Ends it at once, and logs the reason unless that is "".
  virtual void close(const std::string& reason) = 0;
  /// A request of it is being served, or it is a WebSocket: it must not go for another.
  virtual bool busy() const = 0;
};

/// `gone` is called once, when it has ended.
std::shared_ptr<HttpConnection> http_connection(asio::ip::tcp::socket socket, std::shared_ptr<HttpShared> shared,
                                                HttpConnection::Event gone);

}  // namespace leat::wire
