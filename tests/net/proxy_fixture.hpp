// A service behind a TLS proxy, and those who connect.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>

#include <leat/net/tls_proxy.hpp>
#include <leat/net/inner_socket.hpp>
#include <leat/net/preflight.hpp>
#include <leat/net/listening.hpp>
#include <leat/net/tls_context.hpp>

#include "net/made_certificates.hpp"
#include "net/recorded_log.hpp"

namespace leat::tests {

using asio::ip::tcp;
using boost::system::error_code;
using Tls = asio::ssl::stream<tcp::socket>;

// Greets everyone with "hello", then says back what it hears; "flood" starts an endless answer, "last words"
// are the end of it.
class EchoService {
 public:
  EchoService() : EchoService(SOMAXCONN) { begin(); }
  // Takes nobody before it has begun: so many more than one wait in its queue meanwhile.
  explicit EchoService(int queue) {
    int listener = inside.take_listener();
    ::listen(listener, queue);
    acceptor_.assign(asio::local::stream_protocol(), listener);
    thread_ = std::thread([this] { io_.run(); });
  }
  void begin() {
    asio::post(io_, [this] { accept(); });
  }
  ~EchoService() {
    io_.stop();
    thread_.join();
  }

  InnerSocket inside = must(InnerSocket::listen());
  RecordedLog ends;               // "in good order" or "cut off", one line a connection
  std::atomic<int> accepted = 0;  // connections

 private:
  using Local = asio::local::stream_protocol::socket;
  struct Session {
    Local stream;
    std::string bytes = std::string(65536, 'x');
  };

  void accept() {
    acceptor_.async_accept([this](error_code error, Local socket) {
      if (error) return;
      ++accepted;
      answer(std::make_shared<Session>(Session{std::move(socket)}), "hello", 5);
      accept();
    });
  }
  void listen_to(const std::shared_ptr<Session>& session) {
    session->stream.async_read_some(
        asio::buffer(session->bytes), [this, session](error_code error, std::size_t size) {
          if (error)
            return ends.log().info(error == asio::error::eof ? "in good order" : "cut off");
          answer(session, session->bytes.data(), size);
        });
  }
  void answer(const std::shared_ptr<Session>& session, const char* bytes, std::size_t size) {
    bool flood = std::string(bytes, size) == "flood";
    bool last = std::string(bytes, size) == "last words";
    if (flood) size = session->bytes.size(), bytes = session->bytes.data();
    asio::async_write(session->stream, asio::buffer(bytes, size),
                      [this, session, flood, last](error_code error, std::size_t) {
                        if (error) return ends.log().info("cut off");
                        if (last) return ends.log().info("gone");
                        flood ? answer(session, "flood", 5) : listen_to(session);
                      });
  }

  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> works_ = asio::make_work_guard(io_);
  asio::local::stream_protocol::acceptor acceptor_{io_};
  std::thread thread_;
};

// Reads and writes end with an error after ten seconds.
inline tcp::socket dial(asio::io_context& io, const Endpoint& at) {
  tcp::socket socket(io);
  socket.connect({asio::ip::make_address(at.host), at.port});
  timeval deadline{10, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
  return socket;
}

// Waits until the other side closes; false when it says something first or does neither.
inline bool is_closed(tcp::socket& socket) {
  char byte;
  error_code error;
  socket.read_some(asio::buffer(&byte, 1), error);
  return error == asio::error::eof || error == asio::error::connection_reset;
}

class ProxyFixture {
 public:
  ProxyFixture() {
    must(make_authority(own / "ca"));
    good = must(make_node_certificate(own / "ca", "node"));
    must(make_authority(own / "other"));
    stranger = must(make_node_certificate(own / "other", "node"));
    stranger.authority = good.authority;  // it trusts us; we do not trust it
    service = std::make_unique<EchoService>();
    options.inside = service->inside.way();
    options.credentials = good;
    options.log = log.log();
  }

  Endpoint open() {
    proxy = must(TlsProxy::open(options));
    return proxy->endpoint();
  }
  Tls known(const Endpoint& at) {
    Tls stream(dial(io, at), *must(mutual_tls(good)));
    stream.handshake(Tls::client);
    std::string greeting(5, ' ');
    asio::read(stream, asio::buffer(greeting));
    BOOST_REQUIRE_EQUAL(greeting, "hello");
    return stream;
  }
  // Shows nothing, or what `context` has been given; the error says how it was refused.
  error_code refused(const Endpoint& at, asio::ssl::context& context) {
    Tls stream(dial(io, at), context);
    error_code error;
    stream.handshake(Tls::client, error);
    char byte;
    if (!error) stream.read_some(asio::buffer(&byte, 1), error);
    return error;
  }

  Folder own;
  Credentials good, stranger;
  RecordedLog log;
  std::unique_ptr<EchoService> service;
  TlsProxy::Options options;
  std::unique_ptr<TlsProxy> proxy;
  asio::io_context io;
};

}  // namespace leat::tests
