#include <leat/net/http_connection.hpp>

#include <leat/actor/guard.hpp>
#include <leat/net/beast_web_socket.hpp>
#include <leat/net/byte_stream.hpp>
#include <leat/net/http_stream.hpp>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <optional>

namespace leat::wire {
namespace {
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// Of a body that nobody has asked for, so much is taken before the connection is closed, so that its sender reads the
// answer rather than of a reset.
constexpr std::size_t kLingering = std::size_t{256} << 20;
constexpr std::chrono::seconds kLinger{5};

std::string seconds(std::chrono::seconds time) { return std::to_string(time.count()) + " s"; }

std::string kibibytes(std::uint32_t bytes) { return std::to_string(bytes >> 10) + " KiB"; }

// Control characters would end a field and begin another.
bool is_field(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 127; });
}

class BeastConnection;

// Holds the connection, which answers one at a time: what is said of an earlier one is not for it.
class Exchange final : public HttpExchange {
 public:
  using Pointer = std::shared_ptr<BeastConnection>;
  Exchange(Pointer connection, std::uint64_t number, HttpRequest request)
      : connection_(std::move(connection)), number_(number), request_(std::move(request)) {}
  ~Exchange() override {
    if (!answered_) answer({500, "text/plain", "nobody has answered this request\n"});
  }

  const HttpRequest& request() const override { return request_; }
  void read(std::function<void(Result<std::string_view>)> then) override;
  void answer(HttpAnswer answer) override;
  void upgrade(WebSocketEvents events, const std::string& protocol,
               std::function<void(std::shared_ptr<WebSocket>)> opened) override;
  bool left() const override;
  void watch() override;

 private:
  void on_thread(std::function<void(BeastConnection&)> call);

  Pointer connection_;
  std::uint64_t number_;
  HttpRequest request_;
  bool answered_ = false;
};

class BeastConnection final : public HttpConnection {
 public:
  BeastConnection(std::shared_ptr<HttpShared> shared, Event gone, tcp::socket socket)
      : shared_(std::move(shared)),
        gone_(std::move(gone)),
        peer_(peer_of(socket)),
        stream_(std::in_place, std::move(socket), shared_->tls.get()) {}

  Reactor& reactor() { return *shared_->reactor; }
  bool left() const { return left_; }
  bool busy() const override { return busy_; }

  void start() override {
    if (!stream_->encrypted()) return next();
    stream_->expires_after(limits().patience);
    stream_->handshake([self = self()](error_code error, std::size_t) {
      if (error) return self->close(error == beast::error::timeout ? "" : self->stream_->why(error));
      self->next();
    });
  }

  void close(const std::string& reason) override {
    if (!reason.empty()) shared_->log->warning("request refused", peer_, reason);
    if (left_.exchange(true)) return;
    if (auto socket = socket_.lock()) {
      socket->close("the server ends");
    } else if (stream_) {
      stream_->close();
    }
    busy_ = false;
    auto gone = std::exchange(gone_, nullptr);
    if (gone) gone(shared_from_this());
  }

  void read_body(std::uint64_t number, const std::function<void(Result<std::string_view>)>& then) {
    if (!serves(number)) return then(disconnected("the client has left"));
    if (parser_->is_done()) return then(std::string_view());
    if (std::exchange(expects_, false)) return go_on(number, then);
    if (part_.empty()) part_.resize(HttpExchange::kPart);
    // Beast reads as much at once as its buffer has room for: of a header, a few KiB.
    buffer_.reserve(std::min<std::uint64_t>(HttpExchange::kPart, parser_->content_length_remaining().value_or(HttpExchange::kPart)));
    parser_->get().body().data = part_.data();
    parser_->get().body().size = part_.size();
    stream_->expires_after(limits().patience);
    http::async_read_some(*stream_, buffer_, *parser_, [self = self(), number, then](error_code error, std::size_t) {
      self->stream_->expires_never();
      if (error == http::error::need_buffer) error = {};
      if (error) return self->cut(error, then);
      std::size_t got = self->part_.size() - self->parser_->get().body().size;
      if (got == 0 && !self->parser_->is_done()) return self->read_body(number, then);
      then(std::string_view(self->part_).substr(0, got));
    });
  }

  void answer(std::uint64_t number, HttpAnswer answer) {
    if (!serves(number)) return;
    ++number_;  // what else is said of this exchange comes too late
    bool head = method_ == http::verb::head;
    bool stay = stays_ && parser_ && parser_->is_done();
    if (!is_field(answer.type) || std::any_of(answer.fields.begin(), answer.fields.end(), [](const HttpField& one) {
          return !is_field(one.name) || !is_field(one.value);
        })) {
      answer = {500, "text/plain", "an answer with control characters in its header\n"};
    }
    if (answer.more) return stream_parts(std::move(answer), head, stay);
    auto response = std::make_shared<http::response<http::string_body>>();
    describe(*response, answer, stay);
    if (has_body(answer.status)) response->content_length(answer.body.size());
    if (!head && has_body(answer.status)) response->body() = std::move(answer.body);
    auto serializer = std::make_shared<http::response_serializer<http::string_body>>(*response);
    serializer->split(head);
    stream_->expires_after(limits().patience);
    auto done = [self = self(), response, serializer, stay](error_code error, std::size_t) { self->answered(error, stay); };
    if (head) return http::async_write_header(*stream_, *serializer, std::move(done));
    http::async_write(*stream_, *serializer, std::move(done));
  }

  void watch(std::uint64_t number) {
    if (!serves(number)) return;
    stream_->while_there([self = self(), number](bool there) {
      if (!there && self->serves(number)) self->close("");
      return there && self->serves(number);
    });
  }

  void upgrade(std::uint64_t number, const WebSocketEvents& events, const std::string& protocol,
               const std::function<void(std::shared_ptr<WebSocket>)>& opened) {
    if (!serves(number)) return opened(nullptr);
    ++number_;
    stream_->expires_never();
    WebSocketEvents mine = events;
    mine.closed = [self = self(), closed = events.closed] {
      if (closed) closed();
      self->close("");
    };
    http::request<http::empty_body> asked(http::request_header<>(parser_->get().base()));
    stream_->put_back(beast::buffers_to_string(buffer_.data()));
    auto socket = beast_web_socket(std::move(*stream_), std::move(asked), protocol, std::move(mine), shared_->limits,
                                   shared_->reactor, opened);
    socket_ = socket;
    stream_.reset();
  }

 private:
  std::shared_ptr<BeastConnection> self() { return std::static_pointer_cast<BeastConnection>(shared_from_this()); }
  const HttpLimits& limits() const { return shared_->limits; }
  bool serves(std::uint64_t number) const { return !left_ && number == number_; }
  static bool has_body(unsigned status) { return status != 204 && status != 304; }

  // Waits for the next request, and then for the rest of its header, which has less time.
  void next() {
    busy_ = false;
    parser_.emplace();
    parser_->header_limit(limits().header);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // of none, 1.74 thinks that all is more
    if (buffer_.size() > 0) return read_header();
    stream_->expires_after(limits().idle);
    stream_->async_read_some(buffer_.prepare(std::min<std::size_t>(limits().header, 4096)),
                             [self = self()](error_code error, std::size_t bytes) {
                               if (error) return self->close("");
                               self->buffer_.commit(bytes);
                               self->read_header();
                             });
  }

  void read_header() {
    stream_->expires_after(limits().patience);
    http::async_read_header(*stream_, buffer_, *parser_, [self = self()](error_code error, std::size_t) {
      self->stream_->expires_never();
      if (error) return self->refuse(error);
      self->serve();
    });
  }

  void refuse(error_code error) {
    if (error == beast::error::timeout) return close("it did not finish its request within " + seconds(limits().patience));
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      return refuse({431, "text/plain", "more than " + kibibytes(limits().header) + " of header\n"},
                    "its header is larger than " + kibibytes(limits().header));
    }
    bool of_http = error.category() == http::make_error_code(http::error::bad_method).category();
    if (of_http && error != http::error::end_of_stream && error != http::error::partial_message) {
      return refuse({400, "text/plain", "not HTTP\n"}, "it does not speak HTTP: " + error.message());
    }
    close("");
  }

  // Answers, and closes: what follows on this connection is not to be trusted.
  void refuse(HttpAnswer given, const std::string& reason) {
    shared_->log->warning("request refused", peer_, reason);
    busy_ = true;
    stays_ = false;
    method_ = http::verb::unknown;
    answer(number_, std::move(given));
  }

  void serve() {
    busy_ = true;
    const auto& message = parser_->get();
    method_ = message.method();
    stays_ = message.keep_alive();
    expects_ = same_word(std::string_view(message[http::field::expect].data(), message[http::field::expect].size()), "100-continue");
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) request.fields.push_back({std::string(field.name_string()), std::string(field.value())});
    request.body = !parser_->is_done();
    if (parser_->content_length()) request.length = *parser_->content_length();
    request.peer = peer_;
    request.encrypted = stream_->encrypted();
    if (message.version() != 11 && message.version() != 10) {
      return refuse({505, "text/plain", "HTTP/1.1 only\n"}, "it speaks another version of HTTP");
    }
    // Who stands before us may see another end of the body than we do.
    const std::string* coding = request.field("Transfer-Encoding");
    if (coding && (!same_word(*coding, "chunked") || request.count("Transfer-Encoding") > 1 || message.version() == 10)) {
      return refuse({501, "text/plain", "of transfer encodings only chunked is known\n"}, "it uses another transfer encoding");
    }
    auto exchange = std::make_shared<Exchange>(self(), number_, std::move(request));
    auto served = guarded([&] { shared_->serve(exchange); });
    if (served) return;
    shared_->log->error("request failed", peer_, served.error().sentence);
    exchange->answer({500, "text/plain", "this request has met a bug here\n"});
  }

  // A client that asks before it sends a body is told to.
  void go_on(std::uint64_t number, const std::function<void(Result<std::string_view>)>& then) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    stream_->expires_after(limits().patience);
    asio::async_write(*stream_, asio::buffer(kContinue), [self = self(), number, then](error_code error, std::size_t) {
      if (error) return self->cut(error, then);
      self->read_body(number, then);
    });
  }

  void cut(error_code error, const std::function<void(Result<std::string_view>)>& then) {
    bool late = error == beast::error::timeout;
    bool gone = late || error == asio::error::operation_aborted || error == http::error::partial_message ||
                error.category() == boost::system::system_category() || error.category() == asio::error::get_ssl_category();
    stays_ = false;
    if (gone) close(late ? "nothing of its body came for " + seconds(limits().patience) : "");
    then(late   ? disconnected("nothing of the body came for " + seconds(limits().patience))
         : gone ? disconnected("the client left in the middle of its body")
                : invalid("the body is not as HTTP has it: " + error.message()));
  }

  template <class Response>
  void describe(Response& response, const HttpAnswer& answer, bool stay) {
    response.result(answer.status);
    response.version(11);
    if (!answer.type.empty() && has_body(answer.status)) response.set(http::field::content_type, answer.type);
    response.set(http::field::cache_control, "no-store");
    for (const HttpField& field : answer.fields) {
      if (same_word(field.name, "Cache-Control")) {
        response.set(field.name, field.value);
      } else {
        response.insert(field.name, field.value);
      }
    }
    response.keep_alive(stay);
  }

  struct Parts {
    http::response<http::buffer_body> response;
    std::optional<http::response_serializer<http::buffer_body>> serializer;
    std::function<Result<std::string>()> more;
    std::string part;
    bool stay = false;
  };

  void stream_parts(HttpAnswer answer, bool head, bool stay) {
    auto parts = std::make_shared<Parts>();
    describe(parts->response, answer, stay);
    if (answer.length) {
      parts->response.content_length(*answer.length);
    } else {
      parts->response.chunked(true);
    }
    parts->response.body().data = nullptr;
    parts->response.body().more = true;
    parts->more = std::move(answer.more);
    parts->stay = stay;
    parts->serializer.emplace(parts->response);
    stream_->expires_after(limits().patience);
    http::async_write_header(*stream_, *parts->serializer, [self = self(), parts, head](error_code error, std::size_t) {
      if (error || head) return self->answered(error, parts->stay);
      self->next_part(parts);
    });
  }

  void next_part(const std::shared_ptr<Parts>& parts) {
    auto part = parts->more();
    if (!part) return close(part.error().sentence);
    parts->part = std::move(*part);
    auto& body = parts->response.body();
    body.data = parts->part.empty() ? nullptr : parts->part.data();
    body.size = parts->part.size();
    body.more = !parts->part.empty();
    stream_->expires_after(limits().patience);
    http::async_write(*stream_, *parts->serializer, [self = self(), parts](error_code error, std::size_t) {
      if (error == http::error::need_buffer) return self->next_part(parts);
      self->answered(error, parts->stay);
    });
  }

  void answered(error_code error, bool stay) {
    if (error) return close(error == beast::error::timeout ? "it did not take its answer within " + seconds(limits().patience) : "");
    if (stay) return next();
    if (!parser_ || parser_->is_done()) return close("");
    stream_->shut_sending();
    lingered_ = 0;
    stream_->expires_after(kLinger);
    linger();
  }

  void linger() {
    if (part_.empty()) part_.resize(HttpExchange::kPart);
    stream_->read_raw(asio::buffer(part_.data(), part_.size()), [self = self()](error_code error, std::size_t bytes) {
      self->lingered_ += bytes;
      if (error || self->lingered_ > kLingering) return self->close("");
      self->linger();
    });
  }

  std::shared_ptr<HttpShared> shared_;
  Event gone_;
  std::string peer_;
  std::optional<HttpStream> stream_;
  std::weak_ptr<WebSocket> socket_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::buffer_body>> parser_;
  std::string part_;
  http::verb method_ = http::verb::unknown;
  std::uint64_t number_ = 0;  // of the exchange that may speak
  std::size_t lingered_ = 0;
  bool stays_ = false, expects_ = false, busy_ = false;
  std::atomic<bool> left_ = false;
};

void Exchange::read(std::function<void(Result<std::string_view>)> then) {
  on_thread([number = number_, then = std::move(then)](BeastConnection& one) { one.read_body(number, then); });
}

void Exchange::answer(HttpAnswer answer) {
  if (std::exchange(answered_, true)) return;
  auto given = std::make_shared<HttpAnswer>(std::move(answer));
  on_thread([number = number_, given](BeastConnection& one) { one.answer(number, std::move(*given)); });
}

void Exchange::upgrade(WebSocketEvents events, const std::string& protocol,
                       std::function<void(std::shared_ptr<WebSocket>)> opened) {
  if (std::exchange(answered_, true)) return;
  on_thread([number = number_, events = std::move(events), protocol, opened = std::move(opened)](BeastConnection& one) {
    one.upgrade(number, events, protocol, opened);
  });
}

bool Exchange::left() const { return connection_->left(); }
void Exchange::watch() { on_thread([number = number_](BeastConnection& one) { one.watch(number); }); }

void Exchange::on_thread(std::function<void(BeastConnection&)> call) {
  Reactor& reactor = connection_->reactor();
  if (reactor.here()) return call(*connection_);
  reactor.post([connection = connection_, call = std::move(call)] { call(*connection); });
}

}  // namespace

std::shared_ptr<HttpConnection> http_connection(tcp::socket socket, std::shared_ptr<HttpShared> shared,
                                                HttpConnection::Event gone) {
  return std::make_shared<BeastConnection>(std::move(shared), std::move(gone), std::move(socket));
}

}  // namespace leat::wire
