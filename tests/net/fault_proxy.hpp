/// Passes bytes on between a listener and an endpoint, and cuts the connection, or begins to swallow what it
/// takes, where it is told to.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <leat/net/endpoint.hpp>

namespace leat::testing {

/// One connection at a time, on a thread of its own.
class FaultProxy {
 public:
  /// To swallow is to take bytes and pass nothing on: both ends stay connected, to the proxy.
  enum class Fault { cut, swallow, swallow_down, swallow_up };

  /// Connection number n is cut once `after(n)` bytes have gone down it; 0 for never. Or swallowed.
  FaultProxy(Endpoint inside, std::function<std::uint64_t(std::size_t)> after, Fault fault = Fault::cut)
      : inside_(std::move(inside)), after_(std::move(after)), fault_(fault), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = address_of(0);
    BOOST_REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(::listen(listener_, 16) == 0);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    BOOST_REQUIRE(::pipe(stop_) == 0);
    thread_ = std::thread([this] { run(); });
  }
  ~FaultProxy() { stop(); }

  Endpoint endpoint() const { return {"127.0.0.1", port_}; }
  std::size_t connections() const { return connections_; }
  /// Cuts, and takes no more connections.
  void stop() {
    if (!thread_.joinable()) return;
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
  }

 private:
  static sockaddr_in address_of(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &out.sin_addr);
    return out;
  }

  void run() {
    while (true) {
      pollfd wanted[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
      ::poll(wanted, 2, -1);
      if (wanted[1].revents) return;
      int upper = ::accept(listener_, nullptr, nullptr);
      int lower = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address = address_of(inside_.port);
      bool stopped = false;
      if (::connect(lower, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        stopped = splice(upper, lower, after_(connections_++));
      }
      ::close(upper);
      ::close(lower);
      if (stopped) return;
    }
  }

  // True when told to stop.
  bool splice(int upper, int lower, std::uint64_t most) {
    char bytes[16 * 1024];
    for (std::uint64_t down = 0; most == 0 || down < most || fault_ != Fault::cut;) {
      bool faulty = most > 0 && down >= most;
      pollfd wanted[3] = {{upper, POLLIN, 0}, {lower, POLLIN, 0}, {stop_[0], POLLIN, 0}};
      ::poll(wanted, 3, -1);
      if (wanted[2].revents) return true;
      std::size_t room = most == 0 || faulty ? sizeof bytes : std::min<std::uint64_t>(sizeof bytes, most - down);
      if (wanted[0].revents) {
        ssize_t got = pass(upper, faulty && fault_ != Fault::swallow_up ? -1 : lower, bytes, room);
        if (got <= 0) return false;
        down += static_cast<std::uint64_t>(got);
      }
      int back = faulty && fault_ != Fault::swallow_down ? -1 : upper;
      if (wanted[1].revents && pass(lower, back, bytes, sizeof bytes) <= 0) return false;
    }
    return false;
  }

  // To nobody when `to` is -1.
  static ssize_t pass(int from, int to, char* bytes, std::size_t room) {
    ssize_t got = ::recv(from, bytes, room, 0);
    if (to < 0) return got;
    for (ssize_t at = 0; at < got;) {
      ssize_t sent = ::send(to, bytes + at, static_cast<std::size_t>(got - at), MSG_NOSIGNAL);
      if (sent <= 0) return -1;
      at += sent;
    }
    return got;
  }

  Endpoint inside_;
  std::function<std::uint64_t(std::size_t)> after_;
  Fault fault_;
  int listener_;
  int stop_[2];
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::thread thread_;
};

}  // namespace leat::testing
