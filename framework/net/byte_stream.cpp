#include <leat/net/byte_stream.hpp>

#include <leat/net/endpoint.hpp>

#include <cerrno>
#include <string_view>

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace leat::wire {
namespace {

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

class PlainStream final : public ByteStream {
 public:
  using ByteStream::ByteStream;

  IoResult handshake() override { return {}; }
  bool encrypted() const override { return false; }

  IoResult read(std::span<const iovec> into) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(into.data());
    message.msg_iovlen = into.size();
    ssize_t got = ::recvmsg(descriptor(), &message, 0);
    if (got > 0) {
      // Less than there was room for: the socket is empty, which need not be asked again.
      std::size_t room = 0;
      for (const iovec& v : into) room += v.iov_len;
      auto bytes = static_cast<std::size_t>(got);
      return {bytes < room ? IoResult::State::wants_read : IoResult::State::ready, bytes};
    }
    if (got == 0) return {IoResult::State::ended};
    if (errno == EAGAIN || errno == EINTR) return {IoResult::State::wants_read};
    return {IoResult::State::failed, 0, last_error()};
  }

  IoResult write(std::span<const iovec> from) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(from.data());
    message.msg_iovlen = from.size();
    ssize_t put = ::sendmsg(descriptor(), &message, MSG_NOSIGNAL);
    if (put >= 0) return {IoResult::State::ready, static_cast<std::size_t>(put)};
    if (errno == EAGAIN || errno == EINTR) return {IoResult::State::wants_write};
    return {IoResult::State::failed, 0, last_error()};
  }
};

// For a peer's system to take what was written: a peer that vanished is missed by its Connection, but the system would
// go on sending for minutes.
constexpr unsigned kSilent = 1200;  // milliseconds

template <class T>
void set(int descriptor, int level, int name, T value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

}  // namespace

void ByteStream::shut() noexcept { ::shutdown(descriptor(), SHUT_RDWR); }

std::string ByteStream::why(const IoResult& moved) { return words(moved); }

std::unique_ptr<ByteStream> plain_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

void prepare(asio::ip::tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  int descriptor = socket.native_handle();
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, kSilent);
  // Some systems' default, BBR, paces by timers, which costs a fifth more CPU where there is no network.
  auto remote = socket.remote_endpoint(ignored);
  if (ignored || !remote.address().is_loopback()) return;
  constexpr std::string_view kUnpaced = "reno";
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, kUnpaced.data(), kUnpaced.size());
}

std::string peer_of(const asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  auto remote = socket.remote_endpoint(error);
  if (error) return "?";
  return to_string(Endpoint{remote.address().to_string(), remote.port()});
}

std::string words(const IoResult& moved) {
  if (moved.state == IoResult::State::ended) return "closed by the peer";
  std::string out = moved.reason.message();
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

}  // namespace leat::wire
