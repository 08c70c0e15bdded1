/// A non-blocking byte stream over one TCP connection, plain or TLS.
///
/// Asio tells when the socket is ready; reads and writes go to the kernel directly, straight from and into
/// the memory of chunks.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/net/asio.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <sys/uio.h>

namespace leat::wire {

/// What came of a read, a write or a step of the handshake.
struct IoResult {
  enum class State {
    ready,        ///< `bytes` moved; nothing says that more would not
    wants_read,   ///< `bytes` moved; go on when the socket can be read
    wants_write,  ///< the same, when it can be written
    ended,        ///< the peer closed it
    failed,       ///< for `reason`
  };
  State state = State::ready;
  std::size_t bytes = 0;
  boost::system::error_code reason{};

  bool waits() const { return state == State::wants_read || state == State::wants_write; }
  bool over() const { return state == State::ended || state == State::failed; }
};

/// Threads: read from one at a time, write from one at a time, the two beside each other; shut from any.
class ByteStream {
 public:
  explicit ByteStream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}
  virtual ~ByteStream() = default;

  /// Steps towards being able to read and write: to be called until it is ready.
  virtual IoResult handshake() = 0;
  /// Fills `into` from the front as far as bytes have come.
  virtual IoResult read(std::span<const iovec> into) = 0;
  virtual IoResult write(std::span<const iovec> from) = 0;
  /// True when the stream checks its bytes itself.
  virtual bool encrypted() const = 0;
  /// Why the handshake is over, in words.
  virtual std::string why(const IoResult& moved);

  /// Both directions end now; the descriptor lives as long as the ByteStream, so that nobody writes to the
  /// next connection that gets its number.
  void shut() noexcept;
  asio::ip::tcp::socket& socket() { return socket_; }

 protected:
  int descriptor() { return socket_.native_handle(); }

 private:
  asio::ip::tcp::socket socket_;
};

std::unique_ptr<ByteStream> plain_stream(asio::ip::tcp::socket socket);

/// Non-blocking, no delay, and not sending for long to a peer that has vanished.
void prepare(asio::ip::tcp::socket& socket);

/// "127.0.0.1:51234", or "?" when the connection is gone already.
std::string peer_of(const asio::ip::tcp::socket& socket);

/// In words: "connection refused".
std::string words(const IoResult& moved);

}  // namespace leat::wire
