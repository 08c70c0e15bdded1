#include <array>
#include <optional>
#include <string>

#include <leat/net/knock.hpp>
#include <leat/net/tls_context.hpp>

namespace leat {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

class Knock {
 public:
  Knock(asio::ssl::context& tls, const Endpoint& at) : at_(at), connection_(io_, tls) {}

  Result<Endpoint> within(milliseconds time) {
    resolver_.async_resolve(
        at_.host, std::to_string(at_.port), [this](error_code error, auto found) {
          if (error) return end("there is no such host: " + error.message());
          asio::async_connect(
              connection_.lowest_layer(), found, [this](error_code error, const auto&) {
                if (!error) return shake_hands();
                end(error == asio::error::connection_refused ? "nothing listens there"
                                                             : error.message());
              });
        });
    io_.run_for(time);
    if (answered_) return *answered_;
    if (why_.empty()) why_ = "it did not answer within " + std::to_string(time.count()) + " ms";
    return Error{ErrorKind::disconnected, "cannot connect to " + text(at_) + ": " + why_};
  }

 private:
  void shake_hands() {
    ask_as_knock(connection_.native_handle());
    connection_.async_handshake(asio::ssl::stream_base::client, [this](error_code error) {
      if (error) return end(why_not(error, connection_.native_handle()));
      // In TLS 1.3 a server judges our certificate after our part of the handshake is over.
      connection_.async_read_some(asio::buffer(some_), [this](error_code error, std::size_t) {
        if (error) return end(why_not(error, connection_.native_handle()));
        auto there = connection_.lowest_layer().remote_endpoint(error);
        if (error) return end("it hung up");
        answered_ = Endpoint{there.address().to_string(), there.port()};
      });
    });
  }

  void end(std::string why) { why_ = std::move(why); }

  Endpoint at_;
  asio::io_context io_{1};
  tcp::resolver resolver_{io_};
  asio::ssl::stream<tcp::socket> connection_;
  std::array<char, 64> some_{};
  std::optional<Endpoint> answered_;
  std::string why_;
};

}  // namespace

Result<Endpoint> knock(const Endpoint& at, const Credentials& credentials, milliseconds within) {
  auto tls = mutual_tls(credentials);
  if (!tls) return std::move(tls).error();
  return Knock(**tls, at).within(within);
}

}  // namespace leat
