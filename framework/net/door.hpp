/// The data plane's listener: takes connections, keeps strangers few and short, finds the job of each.
#pragma once

#include <leat/net/greeting.hpp>
#include <leat/net/links.hpp>
#include <leat/net/listening.hpp>
#include <leat/net/newcomers.hpp>
#include <leat/net/wiring.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace leat::wire {

/// On the reactor's thread, but for open().
class Door : public std::enable_shared_from_this<Door> {
 public:
  Door(Plane plane, std::size_t young, std::chrono::milliseconds young_stay);

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
  struct Young {
    explicit Young(asio::io_context& io) : deadline(io) {}
    std::string peer;
    std::shared_ptr<Greeting> greeting;
    asio::steady_timer deadline;
    std::vector<std::byte> message;
    Hello hello;
    bool known = false;  // its HELLO is whole, and waits for its job
    bool over = false;
  };
  using YoungPtr = std::shared_ptr<Young>;

  void take(asio::ip::tcp::socket socket);
  void recognise(const YoungPtr& young);
  void read_hello(const YoungPtr& young);
  void read_rest(const YoungPtr& young, std::size_t length);
  void decide(const YoungPtr& young);
  void refuse(const YoungPtr& young, const std::string& why);
  void dismiss(const YoungPtr& young);

  Plane plane_;
  std::shared_ptr<LimitedLog> log_;
  std::shared_ptr<Listening> listening_;
  Newcomers<Young> strangers_;  // anybody's
  Newcomers<Young> waiting_;    // who has shown a certificate, or on loopback said HELLO
  std::vector<std::shared_ptr<Links>> jobs_;
};

}  // namespace leat::wire
