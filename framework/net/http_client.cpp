#include <leat/net/http_client.hpp>

#include <leat/net/http_stream.hpp>
#include <leat/net/tls_context.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace leat {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t kMostHeader = 8192;

class Asking {
 public:
  Asking(const HttpPlace& place, const HttpCall& call) : place_(place), most_(call.most), buffer_(2 * kMostHeader + kMostHttpAnswer) {
    request_.version(11);
    request_.method_string(call.method);
    request_.target(place.path + call.path);
    request_.set(http::field::host, to_string(place.at));
    request_.set(http::field::user_agent, "leat");
    request_.set(http::field::connection, "close");
    for (const HttpField& field : call.fields) request_.set(field.name, field.value);
    request_.body() = call.body;
    request_.prepare_payload();
    parser_.header_limit(kMostHeader);
    parser_.body_limit(call.most);
    parser_.skip(call.method == "HEAD");
  }

  /// Whether the answer was longer than what is read of it.
  bool cut() const { return cut_; }

  Result<HttpAnswer> within(std::chrono::milliseconds time, std::stop_token stop) {
    if (place_.tls) {
      auto context = client_tls(place_.authority);
      if (!context) return std::move(context).error();
      tls_ = std::move(*context);
    }
    std::stop_callback stopped(std::move(stop), [this] { io_.stop(); });
    resolve();
    io_.run_for(time);
    if (answer_) return *answer_;
    return unreached("it did not answer within " + std::to_string(time.count()) + " ms");
  }

 private:
  // An address needs nobody to look it up, who may not answer.
  void resolve() {
    error_code no_address;
    auto address = asio::ip::make_address(place_.at.host, no_address);
    if (!no_address) return connect(std::array{tcp::endpoint(address, place_.at.port)});
    resolver_.async_resolve(place_.at.host, std::to_string(place_.at.port), [this](error_code no_host, auto found) {
      if (no_host) return end("there is no such host: " + no_host.message());
      connect(found);
    });
  }

  template <class Where>
  void connect(const Where& where) {
    asio::async_connect(socket_, where, [this](error_code error, const auto&) {
      if (error) return end(error == asio::error::connection_refused ? "nothing listens there" : error.message());
      stream_.emplace(std::move(socket_), tls_.get());
      stream_->handshake_with(place_.at.host, [this](error_code refused, std::size_t) {
        if (refused) return end(stream_->why(refused));
        write();
      });
    });
  }

  void write() {
    http::async_write(*stream_, request_, [this](error_code error, std::size_t) {
      // One that refuses before it has read all is heard.
      if (error && error != asio::error::broken_pipe && error != asio::error::connection_reset) return end(error.message());
      read_on();
    });
  }

  // Part by part: what comes with the header is not held against the limit by the parser.
  void read_on() {
    http::async_read_some(*stream_, buffer_, parser_, [this](error_code error, std::size_t) {
      bool too_long = parser_.is_header_done() && parser_.get().body().size() > most_;
      if (too_long) parser_.get().body().resize(most_);
      if (too_long) return read(http::error::body_limit);
      if (error || parser_.is_done()) return read(error);
      read_on();
    });
  }

  void read(error_code error) {
    bool too_long = error == http::error::body_limit;
    if (error && !(too_long && parser_.is_header_done())) {
      return end(error == http::error::end_of_stream ? "it hung up" : "it does not speak HTTP: " + error.message());
    }
    cut_ = too_long;
    HttpAnswer answer{parser_.get().result_int(), {}, std::move(parser_.get().body())};
    for (const auto& field : parser_.get()) answer.fields.push_back({std::string(field.name_string()), std::string(field.value())});
    answer_ = std::move(answer);
  }

  void end(const std::string& why) { answer_ = Result<HttpAnswer>(unreached(why)); }

  Error unreached(const std::string& why) const {
    return {ErrorKind::disconnected, "cannot reach " + to_string(place_) + ": " + why};
  }

  const HttpPlace& place_;
  asio::io_context io_{1};
  tcp::resolver resolver_{io_};
  tcp::socket socket_{io_};
  std::shared_ptr<asio::ssl::context> tls_;  // null: plain
  std::optional<wire::HttpStream> stream_;
  std::size_t most_;
  bool cut_ = false;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response_parser<http::string_body> parser_;
  std::optional<Result<HttpAnswer>> answer_;
};

}  // namespace

Result<HttpPlace> parse_http_place(const std::string& text, std::uint16_t default_port, bool tls) {
  constexpr std::string_view kPlain = "http://", kTls = "https://";
  bool encrypted = text.starts_with(kTls);
  if (encrypted && !tls) {
    return invalid(text + ": https is not spoken here: name a collector on this machine as http://127.0.0.1:" +
                   std::to_string(default_port) + ", which can go on with https");
  }
  Error wrong = invalid(text + ": must be an address such as http://127.0.0.1:" + std::to_string(default_port));
  if (!encrypted && !text.starts_with(kPlain)) return wrong;
  std::string rest = text.substr(encrypted ? kTls.size() : kPlain.size());
  HttpPlace place;
  place.tls = encrypted;
  if (auto slash = rest.find('/'); slash != rest.npos) {
    place.path = rest.substr(slash);
    rest.resize(slash);
  }
  place.path.erase(place.path.find_last_not_of('/') + 1);
  bool odd = rest.empty() || rest.find('@') != rest.npos ||
             text.find_first_of("?#\" \t\r\n") != text.npos || text.find('\0') != text.npos;
  if (odd) return wrong;
  bool has_port = rest.back() != ']' && rest.rfind(':') != rest.npos;
  auto at = parse_endpoint(has_port ? rest : rest + ":" + std::to_string(default_port));
  if (!at || at->port == 0) return wrong;
  place.at = *at;
  return place;
}

std::string to_string(const HttpPlace& place) { return (place.tls ? "https://" : "http://") + to_string(place.at) + place.path; }

Result<HttpAnswer> http_ask(const HttpPlace& place, const HttpCall& call, std::chrono::milliseconds within, std::stop_token stop) {
  Asking asking(place, call);
  auto answer = asking.within(within, std::move(stop));
  if (answer && asking.cut()) return failed(to_string(place) + call.path + ": the answer is longer than " + std::to_string(call.most) + " bytes");
  return answer;
}

Result<std::string> http_post(const HttpPlace& place, const std::string& path, const std::string& body,
                              std::chrono::milliseconds within, std::stop_token stop) {
  auto answer = Asking(place, {"POST", path, {{"Content-Type", "application/json"}}, body}).within(within, std::move(stop));
  if (!answer) return std::move(answer).error();
  if (answer->status >= 200 && answer->status < 300) return std::move(answer->body);
  return failed(to_string(place) + path + ": answered with status " + std::to_string(answer->status) + " " +
                std::string(http::obsolete_reason(http::int_to_status(answer->status))));
}

}  // namespace leat
