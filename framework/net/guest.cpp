#include <algorithm>

#include <leat/net/guest.hpp>
#include <leat/net/tls_context.hpp>

namespace leat {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kLastWord{1000};  // for the service to answer a close_notify

std::string name_of(const tcp::socket& socket) {
  error_code gone;
  auto there = socket.remote_endpoint(gone);
  return gone ? "someone who left" : text(Endpoint{there.address().to_string(), there.port()});
}

bool hung_up(const error_code& error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
         error == asio::error::connection_reset || error == asio::error::broken_pipe;
}

}  // namespace

Guest::Guest(tcp::socket socket, House& house)
    : house_(house),
      peer_(name_of(socket)),
      client_(MeteredSocket(std::move(socket), house.options.first_bytes), *house.tls),
      service_(MeteredSocket(tcp::socket(client_.get_executor()), 0), *house.tls),
      up_{client_, service_},
      down_{service_, client_},
      timer_(client_.get_executor()) {
  service_.next_layer().unmeter();
}

void Guest::knock() {
  error_code ignored;
  client_.lowest_layer().set_option(tcp::no_delay(true), ignored);
  expect_within(house_.options.young_for, "it was not known");
  client_.async_handshake(Stream::server, [self = shared_from_this()](error_code error) {
    if (self->stage_ != Stage::young) return;
    if (!error) return self->enter();
    self->show_out(LogLevel::warning, error == asio::error::message_size
                                          ? "it sent more than " +
                                                std::to_string(self->house_.options.first_bytes) +
                                                " bytes before it was known"
                                          : why_not(error, self->client_.native_handle()));
  });
}

void Guest::enter() {
  stage_ = Stage::entering;
  client_.next_layer().unmeter();
  house_.known(shared_from_this());
  expect_within(house_.options.young_for, "the service inside did not answer");
  service_.lowest_layer().async_connect(
      house_.inside, [self = shared_from_this()](error_code error) {
        if (self->stage_ != Stage::entering) return;
        if (error)
          return self->show_out(LogLevel::error, "the service inside is gone: " + error.message());
        self->service_.lowest_layer().set_option(tcp::no_delay(true), error);
        self->service_.async_handshake(Stream::client, [self](error_code error) {
          if (self->stage_ != Stage::entering) return;
          if (!error) return self->splice();
          self->show_out(LogLevel::error,
                         "the service inside: " + why_not(error, self->service_.native_handle()));
        });
      });
}

void Guest::splice() {
  stage_ = Stage::inside;
  up_.moved = down_.moved = Clock::now();
  pump(up_);
  pump(down_);
  watch_idle(house_.options.idle);
}

void Guest::pump(Way& way) {
  way.from.async_read_some(asio::buffer(way.bytes), [self = shared_from_this(), &way](
                                                        error_code error, std::size_t size) {
    if (self->ended(way, error)) return;
    way.moved = Clock::now();
    way.full = true;
    asio::async_write(way.to, asio::buffer(way.bytes, size),
                      [self, &way](error_code error, std::size_t) {
                        way.full = false;
                        if (self->stage_ == Stage::leaving && &way == &self->up_)
                          return self->take_leave();
                        if (self->ended(way, error)) return;
                        way.moved = Clock::now();
                        self->pump(way);
                      });
  });
}

bool Guest::ended(const Way& way, const error_code& error) {
  if (stage_ != Stage::inside) return true;
  if (!error) return false;
  if (!hung_up(error)) {
    show_out(LogLevel::warning, error.message());
  } else {
    show_out(LogLevel::debug, &way == &down_ ? "the service inside closed it" : "it hung up");
  }
  return true;
}

void Guest::expect_within(milliseconds within, const char* what) {
  timer_.expires_after(within);
  timer_.async_wait([self = shared_from_this(), within, what](error_code cancelled) {
    if (cancelled || self->timer_.expiry() > Clock::now()) return;
    if (self->stage_ == Stage::leaving) return self->close();
    self->show_out(LogLevel::warning, what + (" within " + std::to_string(within.count())) + " ms");
  });
}

void Guest::watch_idle(milliseconds within) {
  timer_.expires_after(within);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled || self->stage_ != Stage::inside) return;
    auto idle = self->house_.options.idle;
    auto now = Clock::now();
    auto quiet = now - std::max(self->up_.moved, self->down_.moved);
    auto stuck = Clock::duration::zero();
    for (const auto* way : {&self->up_, &self->down_}) {
      if (way->full) stuck = std::max(stuck, now - way->moved);
    }
    auto longest = std::max<Clock::duration>(quiet, stuck);
    if (longest < idle) {
      auto left = std::chrono::duration_cast<milliseconds>(idle - longest) + milliseconds(1);
      return self->watch_idle(left);
    }
    self->show_out(LogLevel::warning,
                   (quiet >= idle ? "nothing came or went for " : "it took nothing for ") +
                       std::to_string(idle.count()) + " ms");
  });
}

void Guest::show_out(LogLevel level, const std::string& reason) {
  if (stage_ == Stage::leaving) return;
  bool met = stage_ == Stage::inside;
  stage_ = Stage::leaving;
  const auto& log = house_.options.log;
  std::vector<LogField> fields{{"peer", peer_}, {"reason", reason}};
  if (level == LogLevel::debug) log.debug("connection closed", std::move(fields));
  if (level == LogLevel::warning) log.warning("connection closed", std::move(fields));
  if (level == LogLevel::error) log.error("connection closed", std::move(fields));
  house_.left(shared_from_this());
  if (!met) return close();
  expect_within(kLastWord, "");
  if (!up_.full) take_leave();
}

// A service must not be left with a stream that just ends: see front_door.hpp.
void Guest::take_leave() {
  service_.async_shutdown([self = shared_from_this()](error_code) { self->close(); });
}

void Guest::close() {
  error_code ignored;
  timer_.cancel();
  client_.lowest_layer().close(ignored);
  service_.lowest_layer().close(ignored);
}

}  // namespace leat
