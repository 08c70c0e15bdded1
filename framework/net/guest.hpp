/// One connection at the front door: a stranger until its TLS handshake is over, then spliced with
/// a connection of its own to the service inside.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <leat/net/asio.hpp>
#include <leat/net/front_door.hpp>
#include <leat/net/limited_log.hpp>
#include <leat/net/metered_socket.hpp>

namespace leat {

class Guest;

/// What guests of one door share. Outlives them.
struct House {
  FrontDoor::Options options;
  std::shared_ptr<LimitedLog> log;
  std::shared_ptr<asio::ssl::context> tls;
  asio::local::stream_protocol::endpoint inside;
  std::function<void(const std::shared_ptr<Guest>&)> known;  ///< its certificate is good
  std::function<void(const std::shared_ptr<Guest>&)> left;
};

/// Threads: the door's.
class Guest : public std::enable_shared_from_this<Guest> {
 public:
  Guest(asio::ip::tcp::socket socket, House& house);

  void knock();
  /// Logs why, and closes both connections.
  void show_out(LogLevel level, const std::string& reason);
  /// Hears no more of the client; goes when the service has said its last.
  void hear_out();

 private:
  using Clock = std::chrono::steady_clock;
  using Stream = asio::ssl::stream<MeteredSocket>;
  using Service = asio::local::stream_protocol::socket;
  enum class Stage { young, entering, inside, leaving };
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

  House& house_;
  std::string peer_;
  Stream client_;
  Service service_;
  Way<Stream, Service> up_;
  Way<Service, Stream> down_;
  asio::steady_timer timer_;
  asio::steady_timer again_;
  Stage stage_ = Stage::young;
  bool hears_ = true;
};

}  // namespace leat
