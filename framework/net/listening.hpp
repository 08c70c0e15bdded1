/// Listening on an endpoint, and taking the connections that come.
#pragma once

#include <functional>
#include <memory>

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/asio.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Opens `acceptor` on the first address `at` resolves to. Returns where it listens, with the port
/// that was free. Errors: failed (port in use, no such address).
Result<Endpoint> listen(asio::ip::tcp::acceptor& acceptor, const Endpoint& at);

/// Takes connections until it is closed. When the system has no more to give (no descriptors, most likely) it logs
/// that and asks again a while later. All but open() on the thread of `io`.
class Listening : public std::enable_shared_from_this<Listening> {
 public:
  using Take = std::function<void(asio::ip::tcp::socket)>;
  /// `take` is not called any more after close(), nor when `io` runs no more.
  Listening(asio::io_context& io, Log log, Take take);

  /// As listen(). Threads: any, once.
  Result<Endpoint> open(const Endpoint& at);
  void start();
  void close();

 private:
  void start_later();

  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer again_;
  Log log_;
  Take take_;
};

}  // namespace leat
