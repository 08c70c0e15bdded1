#include <array>
#include <optional>
#include <string>
#include <utility>

#include <leat/net/certificates.hpp>
#include <leat/net/preflight.hpp>
#include <leat/net/tls_context.hpp>

namespace leat {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kBetweenTries{100};

// It closed the connection without a word: so does a proxy that has no room.
bool hung_up(const error_code& error) {
  if (error.category() == asio::error::get_ssl_category()) {
    return ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  }
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
         error == asio::error::connection_reset || error == asio::error::broken_pipe;
}

class Preflight {
 public:
  Preflight(asio::ssl::context& tls, const Endpoint& at, const Credentials& used)
      : at_(at), used_(used), connection_(io_, tls) {}

  // `all`: of the time there is for this and any other try.
  Result<Endpoint> within(milliseconds time, milliseconds all) {
    resolver_.async_resolve(
        at_.host, std::to_string(at_.port), [this](error_code no_host, auto found) {
          if (no_host) return end("there is no such host: " + no_host.message());
          asio::async_connect(
              connection_.lowest_layer(), found, [this](error_code error, const auto&) {
                if (!error) return shake_hands();
                end(error == asio::error::connection_refused ? "nothing listens there"
                                                             : error.message());
              });
        });
    io_.run_for(time);
    if (answered_) return *answered_;
    if (why_.empty()) why_ = "it did not answer within " + std::to_string(all.count()) + " ms";
    return Error{ErrorKind::disconnected, "cannot connect to " + to_string(at_) + ": " + why_};
  }
  bool may_pass() const { return may_pass_; }

 private:
  void shake_hands() {
    ask_as_preflight(connection_.native_handle());
    connection_.async_handshake(asio::ssl::stream_base::client, [this](error_code no_handshake) {
      if (no_handshake) return refused(no_handshake);
      // In TLS 1.3 a server judges our certificate after our part of the handshake is over.
      connection_.async_read_some(asio::buffer(some_), [this](error_code error, std::size_t) {
        if (error) return refused(error);
        auto there = connection_.lowest_layer().remote_endpoint(error);
        if (error) return end("it hung up");
        answered_ = Endpoint{there.address().to_string(), there.port()};
      });
    });
  }

  void refused(const error_code& error) {
    may_pass_ = hung_up(error);
    std::string why = why_not(error, connection_.native_handle());
    if (of_another_authority(error, connection_.native_handle())) why += "; " + advice_on_authority(used_);
    end(std::move(why));
  }

  void end(std::string why) { why_ = std::move(why); }

  Endpoint at_;
  const Credentials& used_;
  asio::io_context io_{1};
  tcp::resolver resolver_{io_};
  asio::ssl::stream<tcp::socket> connection_;
  std::array<char, 64> some_{};
  std::optional<Endpoint> answered_;
  std::string why_;
  bool may_pass_ = false;
};

}  // namespace

Result<Endpoint> preflight(const Endpoint& at, const Credentials& credentials, milliseconds within, const Log& log) {
  auto tls = mutual_tls(credentials);
  if (!tls) return std::move(tls).error();
  auto now = [] { return std::chrono::steady_clock::now(); };
  auto until = now() + within;
  bool told = false;
  while (true) {
    Preflight preflight(**tls, at, credentials);
    auto there = preflight.within(std::chrono::ceil<milliseconds>(until - now()), within);
    if (there || !preflight.may_pass() || now() + kBetweenTries >= until) return there;
    if (!std::exchange(told, true)) {
      log.warning("waiting for a place at the coordinator", {{"at", to_string(at)}, {"why", there.error().sentence}});
    }
    asio::io_context pause;
    asio::steady_timer(pause, kBetweenTries).wait();
  }
}

}  // namespace leat
