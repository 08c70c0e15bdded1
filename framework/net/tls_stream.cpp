#include <leat/net/tls_stream.hpp>

#include <leat/net/tls_context.hpp>

#include <cerrno>
#include <mutex>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace leat::wire {
namespace {

// OpenSSL's own socket BIO would raise SIGPIPE.
int send_some(BIO* bio, const char* data, int size) {
  auto descriptor = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  BIO_clear_retry_flags(bio);
  auto sent = static_cast<int>(::send(descriptor, data, static_cast<std::size_t>(size), MSG_NOSIGNAL));
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return sent;
}

int receive_some(BIO* bio, char* data, int size) {
  auto descriptor = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  BIO_clear_retry_flags(bio);
  auto got = static_cast<int>(::recv(descriptor, data, static_cast<std::size_t>(size), 0));
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return got;
}

long control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return 0;
}

struct Free {
  void operator()(SSL* s) const { SSL_free(s); }
  void operator()(BIO_METHOD* m) const { BIO_meth_free(m); }
};

class OpensslContext;

class TlsStream final : public ByteStream {
 public:
  TlsStream(asio::ip::tcp::socket socket, std::shared_ptr<OpensslContext> context, Side side);

  bool encrypted() const override { return true; }
  std::string why(const IoResult& moved) override {
    return moved.state == IoResult::State::ended ? ByteStream::why(moved) : why_not(moved.reason, ssl_.get());
  }

  IoResult handshake() override {
    std::lock_guard lock(mutex_);
    ERR_clear_error();
    return after(SSL_do_handshake(ssl_.get()), 0);
  }

  IoResult read(std::span<const iovec> into) override { return move(into, SSL_read_ex); }
  IoResult write(std::span<const iovec> from) override { return move(from, SSL_write_ex); }

 private:
  IoResult after(int result, std::size_t bytes);

  // Through all of the memory, by steps of SSL_read_ex's or SSL_write_ex's.
  template <class Step>
  IoResult move(std::span<const iovec> memory, Step step) {
    std::lock_guard lock(mutex_);
    ERR_clear_error();
    IoResult moved;
    for (const iovec& v : memory) {
      for (std::size_t at = 0; at < v.iov_len;) {
        std::size_t bytes = 0;
        int result = step(ssl_.get(), static_cast<char*>(v.iov_base) + at, v.iov_len - at, &bytes);
        if (result != 1) return after(result, moved.bytes);
        at += bytes;
        moved.bytes += bytes;
      }
    }
    return moved;
  }

  std::shared_ptr<OpensslContext> context_;
  std::mutex mutex_;  // an SSL is for one thread at a time
  std::unique_ptr<SSL, Free> ssl_;
};

class OpensslContext final : public TlsContext, public std::enable_shared_from_this<OpensslContext> {
 public:
  explicit OpensslContext(std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), method_(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "leat socket")) {
    BIO_meth_set_write(method_.get(), send_some);
    BIO_meth_set_read(method_.get(), receive_some);
    BIO_meth_set_ctrl(method_.get(), control);
    SSL_CTX* raw = context_->native_handle();
    SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Few connections, always busy: they keep their buffers, and read several records with one call.
    SSL_CTX_clear_mode(raw, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(raw, 1);
    SSL_CTX_set_default_read_buffer_len(raw, 64 * 1024);
  }

  std::unique_ptr<ByteStream> stream(asio::ip::tcp::socket socket, Side side) override {
    return std::make_unique<TlsStream>(std::move(socket), shared_from_this(), side);
  }

  SSL* session() { return SSL_new(context_->native_handle()); }
  BIO* socket_bio(int descriptor) {
    BIO* bio = BIO_new(method_.get());
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio, 1);
    return bio;
  }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  std::unique_ptr<BIO_METHOD, Free> method_;
};

TlsStream::TlsStream(asio::ip::tcp::socket socket, std::shared_ptr<OpensslContext> context, Side side)
    : ByteStream(std::move(socket)), context_(std::move(context)), ssl_(context_->session()) {
  BIO* bio = context_->socket_bio(descriptor());
  SSL_set_bio(ssl_.get(), bio, bio);
  if (side == Side::client) {
    SSL_set_connect_state(ssl_.get());
  } else {
    SSL_set_accept_state(ssl_.get());
  }
}

IoResult TlsStream::after(int result, std::size_t bytes) {
  if (result == 1) return {IoResult::State::ready, bytes};
  int system = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {IoResult::State::wants_read, bytes};
    case SSL_ERROR_WANT_WRITE: return {IoResult::State::wants_write, bytes};
    // What moved before is handed on; the next call says again that it is over.
    case SSL_ERROR_ZERO_RETURN: return {bytes > 0 ? IoResult::State::ready : IoResult::State::ended, bytes};
    default: break;
  }
  if (bytes > 0) return {IoResult::State::ready, bytes};
  unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code != 0 && ERR_GET_REASON(code) != SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return {IoResult::State::failed, 0, {static_cast<int>(code), asio::error::get_ssl_category()}};
  }
  if (code != 0 || system == 0) return {IoResult::State::ended};
  return {IoResult::State::failed, 0, {system, boost::system::system_category()}};
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::make(const Credentials& credentials) {
  auto context = mutual_tls(credentials);
  if (!context) return context.error();
  return std::shared_ptr<TlsContext>(std::make_shared<OpensslContext>(std::move(*context)));
}

}  // namespace leat::wire
