#include <leat/net/beast_web_socket.hpp>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket.hpp>

#include <atomic>
#include <deque>
#include <optional>

namespace leat::wire {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

// A peer that answers no ping for so long is gone.
constexpr std::chrono::seconds kIdle{30};
// One that does not say goodbye in turn is not waited for.
constexpr std::chrono::seconds kGoodbye{1};

class Socket final : public WebSocket, public std::enable_shared_from_this<Socket> {
 public:
  Socket(HttpStream stream, http::request<http::empty_body> asked, WebSocketEvents events, std::chrono::seconds patience,
         std::shared_ptr<Reactor> reactor)
      : reactor_(std::move(reactor)),
        stream_(std::move(stream)),
        deadline_(reactor_->io()),
        asked_(std::move(asked)),
        events_(std::move(events)),
        patience_(patience) {}

  void accept(const std::string& protocol, std::function<void(std::shared_ptr<WebSocket>)> opened) {
    stream_.set_option(websocket::stream_base::timeout{patience_, kIdle, true});
    stream_.set_option(websocket::stream_base::decorator([protocol](websocket::response_type& response) {
      if (!protocol.empty()) response.set(http::field::sec_websocket_protocol, protocol);
    }));
    stream_.read_message_max(kMostMessage);
    stream_.auto_fragment(false);
    stream_.async_accept(asked_, [self = shared_from_this(), opened = std::move(opened)](error_code error) {
      if (error) {
        opened(nullptr);
        return self->ended();
      }
      self->open_ = true;
      opened(self);
      self->read();
    });
  }

  void send(std::shared_ptr<const std::string> message, bool binary) override {
    unsent_ += message->size();
    on_thread([message = std::move(message), binary](Socket& one) { one.queue({message, binary}); });
  }

  void close(const std::string& reason) override {
    on_thread([reason](Socket& one) {
      one.reason_ = reason.substr(0, 120);
      if (one.waiting_.empty() && !one.writing_) one.say_goodbye();
    });
  }

  std::size_t unsent() const override { return unsent_; }

 private:
  struct Message {
    std::shared_ptr<const std::string> text;
    bool binary = false;
  };

  template <class Call>
  void on_thread(Call call) {
    if (reactor_->here()) return call(*this);
    reactor_->post([self = shared_from_this(), call = std::move(call)] { call(*self); });
  }

  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->ended();
      std::string text = beast::buffers_to_string(self->buffer_.data());
      self->buffer_.consume(self->buffer_.size());
      if (self->events_.message) self->events_.message(std::move(text), self->stream_.got_binary());
      self->read();
    });
  }

  void queue(Message message) {
    if (ended_ || reason_) return forget(message);
    if (unsent_ > kMostUnsent) {
      forget(message);
      return cut();
    }
    waiting_.push_back(std::move(message));
    if (!writing_) write();
  }

  void write() {
    writing_ = std::move(waiting_.front());
    waiting_.pop_front();
    stream_.binary(writing_->binary);
    deadline_.expires_after(patience_);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error && self->writing_) self->cut();
    });
    stream_.async_write(boost::asio::buffer(*writing_->text), [self = shared_from_this()](error_code error, std::size_t) {
      self->deadline_.cancel();
      self->forget(*self->writing_);
      self->writing_.reset();
      if (error) return self->cut();
      if (!self->waiting_.empty()) return self->write();
      if (self->reason_) self->say_goodbye();
    });
  }

  void say_goodbye() {
    if (ended_ || !open_ || std::exchange(closing_, true)) return;
    deadline_.expires_after(kGoodbye);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->cut();
    });
    stream_.async_close(websocket::close_reason(websocket::close_code::normal, *reason_),
                        [self = shared_from_this()](error_code) { self->cut(); });
  }

  void cut() { stream_.next_layer().close(); }

  void ended() {
    if (std::exchange(ended_, true)) return;
    deadline_.cancel();
    cut();
    for (const Message& message : waiting_) forget(message);
    waiting_.clear();
    if (events_.closed) std::exchange(events_.closed, nullptr)();
    events_ = {};
  }

  void forget(const Message& message) { unsent_ -= message.text->size(); }

  std::shared_ptr<Reactor> reactor_;
  websocket::stream<HttpStream> stream_;
  asio::steady_timer deadline_;
  http::request<http::empty_body> asked_;
  WebSocketEvents events_;
  std::chrono::seconds patience_;
  beast::flat_buffer buffer_;
  std::deque<Message> waiting_;
  std::optional<Message> writing_;
  std::optional<std::string> reason_;  // of a close that was asked for
  std::atomic<std::size_t> unsent_ = 0;
  bool open_ = false, closing_ = false, ended_ = false;
};

}  // namespace

std::shared_ptr<WebSocket> beast_web_socket(HttpStream stream, http::request<http::empty_body> asked,
                                            const std::string& protocol, WebSocketEvents events, const HttpLimits& limits,
                                            std::shared_ptr<Reactor> reactor,
                                            std::function<void(std::shared_ptr<WebSocket>)> opened) {
  auto socket = std::make_shared<Socket>(std::move(stream), std::move(asked), std::move(events), limits.patience,
                                         std::move(reactor));
  socket->accept(protocol, std::move(opened));
  return socket;
}

}  // namespace leat::wire
