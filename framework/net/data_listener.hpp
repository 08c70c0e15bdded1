/// The data plane's listener: takes connections, keeps strangers few and short, finds the job of each.
#pragma once

#include <leat/net/handshake.hpp>
#include <leat/net/links.hpp>
#include <leat/net/listening.hpp>
#include <leat/net/pending_connections.hpp>
#include <leat/net/wiring.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace leat::wire {

/// On the reactor's thread, but for open().
class DataListener : public std::enable_shared_from_this<DataListener> {
 public:
  DataListener(Plane plane, std::size_t pending, std::chrono::milliseconds pending_stay);

  /// Listens. Errors: failed. Threads: any, once.
  Result<Endpoint> open(const Endpoint& where);

  /// From now on this job's peers are let in.
  void add(std::shared_ptr<Links> links);
  void remove(const Links& links);
  /// Nobody is let in any more; who is on the way is turned away.
  void close();
  const std::vector<std::shared_ptr<Links>>& jobs() const { return jobs_; }

 private:
  // A connection that is not yet known to be a peer's.
  struct Pending {
    explicit Pending(asio::io_context& io) : deadline(io) {}
    std::string peer;
    std::shared_ptr<Handshake> handshake;
    asio::steady_timer deadline;
    std::vector<std::byte> message;
    Hello hello;
    bool known = false;  // its HELLO is whole, and waits for its job
    bool over = false;
  };
  using PendingPtr = std::shared_ptr<Pending>;

  void take(asio::ip::tcp::socket socket);
  void recognise(const PendingPtr& pending);
  void read_hello(const PendingPtr& pending);
  void read_rest(const PendingPtr& pending, std::size_t length);
  void decide(const PendingPtr& pending);
  void refuse(const PendingPtr& pending, const std::string& why);
  void dismiss(const PendingPtr& pending);

  Plane plane_;
  std::shared_ptr<LimitedLog> log_;
  std::shared_ptr<Listening> listening_;
  PendingConnections<Pending> strangers_;  // anybody's
  PendingConnections<Pending> waiting_;    // who has shown a certificate, or on loopback said HELLO
  std::vector<std::shared_ptr<Links>> jobs_;
};

}  // namespace leat::wire
