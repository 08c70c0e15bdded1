#include <leat/net/http_stream.hpp>

#include <leat/net/tls_context.hpp>

#include <boost/beast/ssl.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <type_traits>

namespace leat::wire {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;

using TcpStream = beast::basic_stream<asio::ip::tcp, HttpStream::executor_type>;

constexpr std::chrono::milliseconds kBetweenLooks{200};

// What Asio gives is a socket of any executor; the same connection on the one that it has.
TcpStream::socket_type on_its_context(asio::ip::tcp::socket given) {
  auto& context = static_cast<asio::io_context&>(asio::query(given.get_executor(), asio::execution::context));
  error_code error;
  asio::ip::tcp protocol = given.local_endpoint(error).protocol();
  TcpStream::socket_type taken(context.get_executor());
  if (!given.is_open()) return taken;
  auto descriptor = given.release(error);
  if (error) return taken;
  taken.assign(protocol, descriptor, error);
  if (error) ::close(descriptor);
  return taken;
}

}  // namespace

class HttpStream::Layers {
 public:
  virtual ~Layers() = default;
  virtual TcpStream& lowest() = 0;
  virtual SSL* encryption() = 0;
  virtual void handshake(asio::ssl::stream_base::handshake_type role, Done done) = 0;
  virtual void read(asio::mutable_buffer into, Done done) = 0;
  virtual void write(const Gathered& from, Done done) = 0;
  virtual void say_goodbye(Done done) = 0;

  // Reads what nobody wants until the peer has ended.
  void drain(Done done) {
    lowest().async_read_some(asio::buffer(unwanted), [this, done = std::move(done)](error_code error, std::size_t) {
      if (!error) return drain(done);
      done(error == asio::error::eof ? error_code() : error, 0);
    });
  }

  static void watch(const std::shared_ptr<Layers>& self, std::function<bool(bool)> look);
  bool peer_is_there();

  std::string unread;
  std::optional<asio::steady_timer> looks;
  std::array<char, 1024> unwanted;
};

template <class Stream>
class HttpStream::Typed final : public Layers {
 public:
  static constexpr bool kTls = !std::is_same_v<Stream, TcpStream>;
  template <class... Arguments>
  explicit Typed(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...) {}

  TcpStream& lowest() override { return beast::get_lowest_layer(stream_); }
  SSL* encryption() override {
    if constexpr (kTls) return stream_.native_handle();
    return nullptr;
  }
  void handshake(asio::ssl::stream_base::handshake_type role, Done done) override {
    if constexpr (kTls) {
      stream_.async_handshake(role, [done = std::move(done)](error_code error) { done(error, 0); });
    } else {
      asio::post(stream_.get_executor(), [done = std::move(done)] { done({}, 0); });
    }
  }
  void read(asio::mutable_buffer into, Done done) override { stream_.async_read_some(into, std::move(done)); }
  void write(const Gathered& from, Done done) override { stream_.async_write_some(from, std::move(done)); }
  void say_goodbye(Done done) override {
    if constexpr (kTls) {
      stream_.async_shutdown([done = std::move(done)](error_code error) { done(error, 0); });
    } else {
      done({}, 0);
    }
  }

 private:
  Stream stream_;
};

HttpStream::HttpStream(asio::ip::tcp::socket socket, asio::ssl::context* tls) {
  if (tls) {
    layers_ = std::make_shared<Typed<beast::ssl_stream<TcpStream>>>(on_its_context(std::move(socket)), *tls);
  } else {
    layers_ = std::make_shared<Typed<TcpStream>>(on_its_context(std::move(socket)));
  }
  error_code ignored;
  layers_->lowest().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}
HttpStream::~HttpStream() = default;
HttpStream::HttpStream(HttpStream&&) noexcept = default;
HttpStream& HttpStream::operator=(HttpStream&&) noexcept = default;

bool HttpStream::encrypted() const { return layers_->encryption() != nullptr; }
HttpStream::executor_type HttpStream::get_executor() noexcept { return layers_->lowest().get_executor(); }
void HttpStream::handshake(Done done) { layers_->handshake(asio::ssl::stream_base::server, std::move(done)); }
void HttpStream::handshake_with(const std::string& host, Done done) {
  if (SSL* encryption = layers_->encryption()) expect_host(encryption, host);
  layers_->handshake(asio::ssl::stream_base::client, std::move(done));
}
std::string HttpStream::why(error_code error) {
  SSL* encryption = layers_->encryption();
  return encryption ? why_not(error, encryption) : error.message();
}
void HttpStream::expires_after(std::chrono::seconds time) { layers_->lowest().expires_after(time); }
void HttpStream::expires_never() { layers_->lowest().expires_never(); }

void HttpStream::put_back(std::string bytes) { layers_->unread.insert(0, bytes); }

void HttpStream::read(asio::mutable_buffer into, Done done) {
  std::string& unread = layers_->unread;
  if (unread.empty() || into.size() == 0) return layers_->read(into, std::move(done));
  std::size_t bytes = asio::buffer_copy(into, asio::buffer(unread));
  unread.erase(0, bytes);
  asio::post(get_executor(), [done = std::move(done), bytes] { done({}, bytes); });
}
void HttpStream::write(const Gathered& from, Done done) { layers_->write(from, std::move(done)); }
void HttpStream::read_raw(asio::mutable_buffer into, Done done) {
  layers_->lowest().async_read_some(into, std::move(done));
}

// What waits to be read hides that nothing follows it: a goodbye of TLS, or the next request. Then the connection is looked at
// from time to time.
void HttpStream::Layers::watch(const std::shared_ptr<Layers>& self, std::function<bool(bool)> look) {
  TcpStream::socket_type& socket = self->lowest().socket();
  auto again = [weak = std::weak_ptr<Layers>(self), look = std::move(look)](error_code error) {
    auto held = weak.lock();
    if (error || !held || !held->lowest().socket().is_open()) return;
    if (look(held->peer_is_there())) watch(held, look);
  };
  error_code ignored;
  if (socket.available(ignored) == 0) return socket.async_wait(asio::ip::tcp::socket::wait_read, std::move(again));
  if (!self->looks) self->looks.emplace(socket.get_executor());
  self->looks->expires_after(kBetweenLooks);
  self->looks->async_wait(std::move(again));
}

bool HttpStream::Layers::peer_is_there() {
  tcp_info info{};
  socklen_t size = sizeof info;
  int asked = ::getsockopt(lowest().socket().native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size);
  return asked == 0 && info.tcpi_state == TCP_ESTABLISHED;
}

void HttpStream::while_there(std::function<bool(bool)> look) { Layers::watch(layers_, std::move(look)); }

void HttpStream::shut_sending() {
  error_code ignored;
  layers_->lowest().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void HttpStream::finish(Done done) {
  layers_->say_goodbye([this, done = std::move(done)](error_code error, std::size_t) {
    if (error) return done(error, 0);
    shut_sending();
    layers_->drain(done);
  });
}

void HttpStream::close() {
  error_code ignored;
  layers_->lowest().socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  layers_->lowest().close();
}

}  // namespace leat::wire
