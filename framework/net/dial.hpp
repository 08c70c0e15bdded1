/// One attempt to connect to a node: name, TCP, TLS, HELLO, WELCOME.
#pragma once

#include <leat/net/handshake.hpp>
#include <leat/net/hello.hpp>
#include <leat/net/wiring.hpp>

#include <array>
#include <functional>
#include <memory>

namespace leat::wire {

/// All on the reactor's thread.
class Dial : public std::enable_shared_from_this<Dial> {
 public:
  /// The stream, welcomed, or why not.
  using Then = std::function<void(Result<std::unique_ptr<ByteStream>>)>;

  Dial(std::shared_ptr<JobContext> job, std::uint32_t peer, std::uint32_t channels);

  /// Calls `then` once, within `within`, unless cancelled. TCP gets a second of it: a system asks again after 1,
  /// then 2 and 4 s, so that a way that is mended would be found late.
  void start(Clock::duration within, Then then);
  void cancel();

 private:
  void expect_by(Clock::time_point when);
  void resolve();
  void connect(const asio::ip::tcp::resolver::results_type& where);
  void handshake();
  void read_welcome();
  void finish(Result<std::unique_ptr<ByteStream>> how);
  void fail(const std::string& why);
  bool over() const { return !then_; }

  std::shared_ptr<JobContext> job_;
  std::uint32_t peer_;
  std::uint32_t channels_;
  Then then_;
  Clock::time_point until_;
  asio::steady_timer deadline_;
  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket socket_;
  std::shared_ptr<Handshake> handshake_;
  std::array<std::byte, kWelcome> welcome_{};
};

}  // namespace leat::wire
