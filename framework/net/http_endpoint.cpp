#include <leat/net/http_endpoint.hpp>

#include <leat/net/asio.hpp>
#include <leat/net/listening.hpp>
#include <leat/net/pending_connections.hpp>
#include <leat/net/byte_stream.hpp>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <optional>
#include <thread>

namespace leat {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kConnections = 16;
constexpr std::uint32_t kHeader = 8192;
constexpr std::chrono::seconds kPatience{5};

using Paths = std::map<std::string, std::function<HttpAnswer()>>;

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  using Left = std::function<void(const std::shared_ptr<Exchange>&)>;

  Exchange(tcp::socket socket, const Paths& paths, LimitedLog& log, Left left)
      : stream_(std::move(socket)),
        paths_(paths),
        log_(log),
        left_(std::move(left)),
        peer_(wire::peer_of(stream_.socket())) {}

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeader);
    parser_->body_limit(0);
    stream_.expires_after(kPatience);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->answer(error); });
  }

  void close(const std::string& reason = "") {
    if (!reason.empty()) log_.warning("request refused", peer_, reason);
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
    left_(shared_from_this());
  }

 private:
  void answer(error_code error) {
    if (error == beast::error::timeout) {
      return close(parser_->got_some() ? "it did not finish its request within 5 s" : "");
    }
    if (error == http::error::header_limit) {
      return refuse({431, "text/plain", "more than 8 KiB of header\n"},
                    "its header is larger than 8 KiB");
    }
    if (error == http::error::body_limit || error == http::error::unexpected_body) {
      return refuse({413, "text/plain", "no bodies are read here\n"}, "it sends a body");
    }
    if (error && error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
      return refuse({400, "text/plain", "not HTTP\n"},
                    "it does not speak HTTP: " + error.message());
    }
    if (error) return close();
    const auto& request = parser_->get();
    bool head = request.method() == http::verb::head;
    if (!head && request.method() != http::verb::get) {
      return refuse({405, "text/plain", "GET and HEAD only\n"}, "it is no GET");
    }
    std::string target(request.target());
    auto found = paths_.find(target.substr(0, target.find('?')));
    auto given =
        found == paths_.end() ? HttpAnswer{404, "text/plain", "no such path\n"} : found->second();
    write(std::move(given), head, request.keep_alive());
  }

  // Answers, and closes: what follows on this connection is not to be trusted.
  void refuse(HttpAnswer answer, const std::string& reason) {
    log_.warning("request refused", peer_, reason);
    write(std::move(answer), false, false);
  }

  void write(HttpAnswer answer, bool head, bool stay) {
    response_ = {};
    response_.result(answer.status);
    response_.set(http::field::content_type, answer.type);
    response_.set(http::field::cache_control, "no-store");
    if (answer.status == 405) response_.set(http::field::allow, "GET, HEAD");
    response_.content_length(answer.body.size());
    if (!head) response_.body() = std::move(answer.body);
    response_.keep_alive(stay);
    serializer_.emplace(response_);
    serializer_->split(head);
    stream_.expires_after(kPatience);
    auto done = [self = shared_from_this(), stay](error_code error, std::size_t) {
      if (error || !stay) return self->close();
      self->read();
    };
    if (head) return http::async_write_header(stream_, *serializer_, std::move(done));
    http::async_write(stream_, *serializer_, std::move(done));
  }

  beast::tcp_stream stream_;
  const Paths& paths_;
  LimitedLog& log_;
  Left left_;
  std::string peer_;
  beast::flat_buffer buffer_{2 * kHeader};
  std::optional<http::request_parser<http::empty_body>> parser_;
  http::response<http::string_body> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
};

class Listener final : public HttpEndpoint {
 public:
  explicit Listener(Options options)
      : options_(std::move(options)),
        log_(std::make_shared<LimitedLog>(io_, options_.log)),
        listening_(std::make_shared<Listening>(
            io_, log_, [this](tcp::socket socket) { admit(std::move(socket)); },
            [this] { return open_.wait(std::chrono::steady_clock::now()); })),
        open_(kConnections, kPendingStay) {}

  ~Listener() override {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
      listening_->close();
      io_.stop();
    });
    thread_.join();
  }

  Result<void> open() {
    auto bound = listening_->open(options_.listen);
    if (!bound) return std::move(bound).error();
    endpoint_ = *bound;
    listening_->start();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  Endpoint endpoint() const override { return endpoint_; }

 private:
  void admit(tcp::socket socket) {
    if (auto oldest = open_.in_the_way()) oldest->close("16 others ask too, and it was the first of them");
    auto exchange =
        std::make_shared<Exchange>(std::move(socket), options_.paths, *log_,
                                   [this](const std::shared_ptr<Exchange>& gone) { open_.remove(gone); });
    open_.add(exchange, std::chrono::steady_clock::now());
    exchange->read();
  }

  Options options_;
  asio::io_context io_{1};
  std::shared_ptr<LimitedLog> log_;
  std::shared_ptr<Listening> listening_;
  PendingConnections<Exchange> open_;
  Endpoint endpoint_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpEndpoint>> HttpEndpoint::open(Options options) {
  if (!is_loopback(options.listen)) {
    return invalid(to_string(options.listen) +
                   " is not loopback: probes and metrics are served there only");
  }
  auto listener = std::make_unique<Listener>(std::move(options));
  if (auto opened = listener->open(); !opened) return std::move(opened).error();
  return std::unique_ptr<HttpEndpoint>(std::move(listener));
}

}  // namespace leat
