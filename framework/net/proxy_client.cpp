#include <algorithm>
#include <type_traits>

#include <leat/net/proxy_client.hpp>
#include <leat/net/tls_context.hpp>

namespace leat {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kAgain{10};
constexpr std::size_t kPiece = 16 * 1024;  // bytes that one way holds of what it passes on

std::string name_of(const tcp::socket& socket) {
  error_code gone;
  auto there = socket.remote_endpoint(gone);
  return gone ? "someone who left" : to_string(Endpoint{there.address().to_string(), there.port()});
}

bool has_left(const error_code& error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
         error == asio::error::connection_reset || error == asio::error::broken_pipe;
}

}  // namespace

ProxyClient::ProxyClient(tcp::socket socket, ProxyShared& shared)
    : shared_(shared),
      peer_(name_of(socket)),
      client_(MeteredSocket(std::move(socket), shared.options.first_bytes), *shared.tls),
      service_(client_.get_executor()),
      up_{client_, service_},
      down_{service_, client_},
      timer_(client_.get_executor()),
      again_(client_.get_executor()) {}

void ProxyClient::preflight() {
  error_code ignored;
  client_.lowest_layer().set_option(tcp::no_delay(true), ignored);
  expect_within(shared_.options.pending_for, "it was not known");
  client_.async_handshake(Stream::server, [self = shared_from_this()](error_code error) {
    if (self->stage_ != Stage::pending) return;
    if (!error) return is_preflight(self->client_.native_handle()) ? self->answer() : self->enter();
    self->refuse(LogLevel::warning, error == asio::error::message_size
                                          ? "it sent more than " +
                                                std::to_string(self->shared_.options.first_bytes) +
                                                " bytes before it was known"
                                          : why_not(error, self->client_.native_handle()));
  });
}

void ProxyClient::answer() {
  static constexpr char kWelcome = '!';
  asio::async_write(client_, asio::buffer(&kWelcome, 1), [self = shared_from_this()](error_code, std::size_t) {
    self->refuse(LogLevel::debug, "it only asked whether it would be let in");
  });
}

void ProxyClient::enter() {
  stage_ = Stage::entering;
  client_.next_layer().unmeter();
  shared_.known(shared_from_this());
  expect_within(shared_.options.pending_for, "the service inside did not answer");
  connect();
}

void ProxyClient::connect() {
  service_.async_connect(shared_.inside, [self = shared_from_this()](error_code error) {
    if (self->stage_ != Stage::entering) return;
    if (!error) return self->splice();
    // So Asio puts it that the service's queue is full.
    if (error != asio::error::no_buffer_space) {
      return self->refuse(LogLevel::error, "the service inside is gone: " + error.message());
    }
    self->again_.expires_after(kAgain);
    self->again_.async_wait([self](error_code cancelled) {
      if (!cancelled && self->stage_ == Stage::entering) self->connect();
    });
  });
}

void ProxyClient::splice() {
  stage_ = Stage::inside;
  up_.moved = down_.moved = Clock::now();
  up_.bytes.resize(kPiece);
  down_.bytes.resize(kPiece);
  pump(up_);
  pump(down_);
  watch_idle(shared_.options.idle);
}

template <class Direction> void ProxyClient::pump(Direction& way) {
  constexpr bool up = std::is_same_v<Direction, Way<Stream, Service>>;
  auto read = [self = shared_from_this(), &way](error_code error, std::size_t size) {
    if (self->ended(up, error)) return;
    way.moved = Clock::now();
    way.full = true;
    auto written = [self, &way](error_code unwritten, std::size_t) {
      way.full = false;
      if (self->ended(up, unwritten)) return;
      way.moved = Clock::now();
      self->pump(way);
    };
    asio::async_write(way.to, asio::buffer(way.bytes, size), std::move(written));
  };
  way.from.async_read_some(asio::buffer(way.bytes), std::move(read));
}

bool ProxyClient::ended(bool up, const error_code& error) {
  if (stage_ != Stage::inside || (up && !hears_)) return true;
  if (!error) return false;
  if (!has_left(error)) {
    refuse(LogLevel::warning, error.message());
  } else {
    refuse(LogLevel::debug, up ? "it hung up" : "the service inside closed it");
  }
  return true;
}

void ProxyClient::drain() {
  if (stage_ != Stage::inside) return refuse(LogLevel::debug, "the proxy is closed");
  hears_ = false;
  error_code ignored;
  service_.shutdown(Service::shutdown_send, ignored);
}

void ProxyClient::expect_within(milliseconds within, const char* what) {
  timer_.expires_after(within);
  timer_.async_wait([self = shared_from_this(), within, what](error_code cancelled) {
    if (cancelled || self->timer_.expiry() > Clock::now()) return;
    self->refuse(LogLevel::warning, what + (" within " + std::to_string(within.count())) + " ms");
  });
}

void ProxyClient::watch_idle(milliseconds within) {
  timer_.expires_after(within);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled || self->stage_ != Stage::inside) return;
    auto idle = self->shared_.options.idle;
    auto now = Clock::now();
    auto quiet = now - std::max(self->up_.moved, self->down_.moved);
    auto stuck = Clock::duration::zero();
    if (self->up_.full) stuck = now - self->up_.moved;
    if (self->down_.full) stuck = std::max(stuck, now - self->down_.moved);
    auto longest = std::max<Clock::duration>(quiet, stuck);
    if (longest < idle) {
      auto left = std::chrono::duration_cast<milliseconds>(idle - longest) + milliseconds(1);
      return self->watch_idle(left);
    }
    self->refuse(LogLevel::warning,
                   (quiet >= idle ? "nothing came or went for " : "it took nothing for ") +
                       std::to_string(idle.count()) + " ms");
  });
}

void ProxyClient::refuse(LogLevel level, const std::string& reason) {
  if (stage_ == Stage::leaving) return;
  stage_ = Stage::leaving;
  if (level == LogLevel::debug) shared_.options.log.debug("connection closed", {{"peer", peer_}, {"reason", reason}});
  if (level == LogLevel::warning) shared_.log->warning("connection closed", peer_, reason);
  if (level == LogLevel::error) shared_.log->error("connection closed", peer_, reason);
  shared_.left(shared_from_this());
  close();
}

void ProxyClient::close() {
  error_code ignored;
  timer_.cancel();
  again_.cancel();
  client_.lowest_layer().close(ignored);
  service_.close(ignored);
}

}  // namespace leat
