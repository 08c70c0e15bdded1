/// One connection at the TLS proxy: a stranger until its TLS handshake is over, then spliced with
/// a connection of its own to the service inside.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <leat/net/asio.hpp>
#include <leat/net/tls_proxy.hpp>
#include <leat/net/limited_log.hpp>
#include <leat/net/metered_socket.hpp>

namespace leat {

class ProxyClient;

/// What clients of one proxy share. Outlives them.
struct ProxyShared {
  TlsProxy::Options options;
  std::shared_ptr<LimitedLog> log;
  std::shared_ptr<asio::ssl::context> tls;
  asio::local::stream_protocol::endpoint inside;
  std::function<void(const std::shared_ptr<ProxyClient>&)> known;  ///< its certificate is good
  std::function<void(const std::shared_ptr<ProxyClient>&)> left;
};

/// Threads: the proxy's.
class ProxyClient : public std::enable_shared_from_this<ProxyClient> {
 public:
  ProxyClient(asio::ip::tcp::socket socket, ProxyShared& shared);

  void preflight();
  /// Logs why, and closes both connections.
  void refuse(LogLevel level, const std::string& reason);
  /// Hears no more of the client; goes when the service has said its last.
  void drain();

 private:
  using Clock = std::chrono::steady_clock;
  using Stream = asio::ssl::stream<MeteredSocket>;
  using Service = asio::local::stream_protocol::socket;
  enum class Stage { pending, entering, inside, leaving };
  /// One direction: what was read waits here until it is written, and nothing is read meanwhile.
  template <class From, class To> struct Way {
    From& from;
    To& to;
    Clock::time_point moved = Clock::now();
    bool full = false;
    std::vector<char> bytes{};
  };

  void answer();
  void enter();
  void connect();
  void splice();
  template <class Direction> void pump(Direction& way);
  bool ended(bool up, const boost::system::error_code& error);
  void expect_within(std::chrono::milliseconds within, const char* what);
  void watch_idle(std::chrono::milliseconds within);
  void close();

  ProxyShared& shared_;
  std::string peer_;
  Stream client_;
  Service service_;
  Way<Stream, Service> up_;
  Way<Service, Stream> down_;
  asio::steady_timer timer_;
  asio::steady_timer again_;
  Stage stage_ = Stage::pending;
  bool hears_ = true;
};

}  // namespace leat
