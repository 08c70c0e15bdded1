/// The bytes of one HTTP connection, plain or TLS: one type for Beast, whose operations are many and large, so that each
/// is compiled once. For http_connection.cpp, web_socket.cpp and http_client.cpp only.
#pragma once

#include <leat/net/asio.hpp>

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace leat::wire {

/// A stream as Asio's AsyncReadStream and AsyncWriteStream have it, of handlers only: no futures, no coroutines. Its
/// lowest layer is itself. Threads: the reactor's.
class HttpStream {
 public:
  /// Of one type: an executor of any type is copied at each step of each operation.
  using executor_type = asio::io_context::executor_type;
  using Done = std::function<void(boost::system::error_code, std::size_t)>;

  /// `tls` null: plain.
  HttpStream(asio::ip::tcp::socket socket, asio::ssl::context* tls);
  ~HttpStream();
  HttpStream(HttpStream&&) noexcept;
  HttpStream& operator=(HttpStream&&) noexcept;

  bool encrypted() const;
  executor_type get_executor() noexcept;

  /// As a server. Of a plain stream: nothing.
  void handshake(Done done);
  /// As the client of a server whose certificate is to be for that name or address. Of a plain stream: nothing.
  void handshake_with(const std::string& host, Done done);
  /// Why it failed, as one clause about the peer.
  std::string why(boost::system::error_code error);

  /// What is begun from now on and not done after `time` fails with beast::error::timeout.
  void expires_after(std::chrono::seconds time);
  void expires_never();

  /// What has been read too far is read again, first.
  void put_back(std::string bytes);
  template <class Buffers, class Handler>
  void async_read_some(const Buffers& into, Handler&& handler) {
    for (auto at = asio::buffer_sequence_begin(into); at != asio::buffer_sequence_end(into); ++at) {
      asio::mutable_buffer part(*at);
      if (part.size() > 0) return read(part, kept(std::forward<Handler>(handler)));
    }
    read({}, kept(std::forward<Handler>(handler)));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& from, Handler&& handler) {
    Gathered gathered;
    for (auto at = asio::buffer_sequence_begin(from); at != asio::buffer_sequence_end(from); ++at) {
      asio::const_buffer part(*at);
      if (part.size() > 0) gathered.parts[gathered.count++] = part;
      if (gathered.count == gathered.parts.size()) break;
    }
    write(gathered, kept(std::forward<Handler>(handler)));
  }
  /// As they are on the socket: of TLS, encrypted.
  void read_raw(asio::mutable_buffer into, Done done);

  /// Calls it as soon as the peer has hung up, whatever else it has sent before, and until it returns false.
  void while_there(std::function<bool(bool there)> look);

  /// Nothing more is sent: the peer reads to the end.
  void shut_sending();
  /// Says goodbye, of TLS too, and reads until the peer has.
  void finish(Done done);
  void close();

 private:
  class Layers;
  template <class Stream>
  class Typed;

  // The first buffers of a sequence, which one call writes.
  struct Gathered {
    using value_type = asio::const_buffer;
    using const_iterator = const value_type*;
    const_iterator begin() const { return parts.data(); }
    const_iterator end() const { return parts.data() + count; }

    std::array<value_type, 8> parts;
    std::size_t count = 0;
  };

  // Handlers move, functions are copied.
  template <class Handler>
  static Done kept(Handler&& handler) {
    auto held = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    return [held](boost::system::error_code error, std::size_t bytes) { (*held)(error, bytes); };
  }
  void read(asio::mutable_buffer into, Done done);
  void write(const Gathered& from, Done done);

  std::shared_ptr<Layers> layers_;
};

/// As Beast's WebSocket asks for, found by their argument.
inline void beast_close_socket(HttpStream& stream) { stream.close(); }
template <class Handler>
void async_teardown(boost::beast::role_type, HttpStream& stream, Handler&& handler) {
  auto held = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
  stream.finish([held](boost::system::error_code error, std::size_t) { (*held)(error); });
}

}  // namespace leat::wire
