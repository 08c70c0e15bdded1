/// Listening on an endpoint, and taking the connections that come.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <leat/chunk/result.hpp>
#include <leat/net/asio.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/limited_log.hpp>

namespace leat {

/// Opens `acceptor` on the first address `at` resolves to. Returns where it listens, with the port
/// that was free. Errors: failed (port in use, no such address).
Result<Endpoint> listen(asio::ip::tcp::acceptor& acceptor, const Endpoint& at);

/// Takes connections until it is closed. When the system has no more to give (no descriptors, most likely) it logs
/// that and asks again a while later. All but open() on the thread of `io`.
class Listening : public std::enable_shared_from_this<Listening> {
 public:
  using Take = std::function<void(asio::ip::tcp::socket)>;
  /// How long to leave the next connection in the system's queue; asked again then, or earlier. Zero: take it now.
  using Wait = std::function<std::chrono::steady_clock::duration()>;
  /// `take` is not called any more after close(), nor when `io` runs no more. Closes `log` with itself.
  Listening(asio::io_context& io, std::shared_ptr<LimitedLog> log, Take take, Wait wait = {});

  /// As listen(). Threads: any, once.
  Result<Endpoint> open(const Endpoint& at);
  void start();
  void close();

 private:
  void start_in(std::chrono::steady_clock::duration time);

  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer again_;
  std::shared_ptr<LimitedLog> log_;
  Take take_;
  Wait wait_;
};

}  // namespace leat
