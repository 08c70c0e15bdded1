/// A peer that says what the test wants, byte by byte.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <leat/net/crc32c.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/framing.hpp>
#include <leat/net/hello.hpp>

namespace leat::testing {

/// Blocking, with a deadline on every call.
class RawPeer {
 public:
  explicit RawPeer(const Endpoint& where) : RawPeer(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(where.port);
    ::inet_pton(AF_INET, where.host.c_str(), &address.sin_addr);
    BOOST_REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  /// Of a connection that is there.
  explicit RawPeer(int socket) : socket_(socket) {
    timeval longest{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  }
  ~RawPeer() { ::close(socket_); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  /// False when the other side has closed.
  bool say(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool say(const std::string& text) { return say(std::as_bytes(std::span(text))); }
  bool say(const wire::Header& header, std::span<const std::byte> payload = {}) {
    std::array<std::byte, wire::kHeader> bytes;
    wire::encode(header, bytes);
    return say(bytes) && say(payload);
  }

  /// Exactly that many bytes, or nothing when the other side closes before.
  std::optional<std::vector<std::byte>> hear(std::size_t bytes) {
    std::vector<std::byte> out(bytes);
    for (std::size_t at = 0; at < bytes;) {
      ssize_t got = ::recv(socket_, out.data() + at, bytes - at, 0);
      if (got <= 0) return std::nullopt;
      at += static_cast<std::size_t>(got);
    }
    return out;
  }
  std::optional<wire::Header> hear_frame() {
    auto bytes = hear(wire::kHeader);
    if (!bytes) return std::nullopt;
    auto header = wire::decode(std::span<const std::byte, wire::kHeader>(*bytes));
    BOOST_REQUIRE(header.ok());
    return *header;
  }
  /// Reads on until the other side closes; false when it has not for long.
  bool closed() {
    char bytes[4096];
    ssize_t got;
    while ((got = ::recv(socket_, bytes, sizeof bytes, 0)) > 0) {}
    return got == 0 || errno == ECONNRESET;
  }
  /// No more comes from this side.
  void half_close() { ::shutdown(socket_, SHUT_WR); }

 private:
  int socket_;
};

}  // namespace leat::testing
