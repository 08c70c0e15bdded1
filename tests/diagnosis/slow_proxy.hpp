/// A way between two nodes that is slow: whatever goes down it is passed on late.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <leat/net/endpoint.hpp>

#include "diagnosis/watched.hpp"

namespace leat::testing {

/// One connection at a time, on a thread of its own.
class SlowProxy {
 public:
  SlowProxy(Endpoint inside, std::chrono::microseconds late)
      : inside_(std::move(inside)), late_(late), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = address_of(0);
    BOOST_REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(::listen(listener_, 16) == 0);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    BOOST_REQUIRE(::pipe(stop_) == 0);
    thread_ = std::thread([this] { run(); });
  }
  ~SlowProxy() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
  }
  Endpoint endpoint() const { return {"127.0.0.1", port_}; }

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
      bool joined = ::connect(lower, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
      bool stopped = joined && splice(upper, lower);
      ::close(upper);
      ::close(lower);
      if (stopped) return;
    }
  }

  // True when told to stop.
  bool splice(int upper, int lower) {
    while (true) {
      pollfd wanted[3] = {{upper, POLLIN, 0}, {lower, POLLIN, 0}, {stop_[0], POLLIN, 0}};
      ::poll(wanted, 3, -1);
      if (wanted[2].revents) return true;
      if (wanted[0].revents) {
        take(late_, true);
        if (!pass(upper, lower)) return false;
      }
      if (wanted[1].revents && !pass(lower, upper)) return false;
    }
  }

  static bool pass(int from, int to) {
    char bytes[64 * 1024];
    ssize_t got = ::recv(from, bytes, sizeof bytes, 0);
    for (ssize_t at = 0; at < got;) {
      ssize_t sent = ::send(to, bytes + at, static_cast<std::size_t>(got - at), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      at += sent;
    }
    return got > 0;
  }

  Endpoint inside_;
  std::chrono::microseconds late_;
  int listener_;
  int stop_[2];
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace leat::testing
