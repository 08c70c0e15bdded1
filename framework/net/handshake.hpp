/// The beginning of a connection: TLS, then messages of a known length. Slow is fine here.
#pragma once

#include <leat/net/reactor.hpp>
#include <leat/net/byte_stream.hpp>

#include <functional>
#include <memory>
#include <span>

namespace leat::wire {

/// All on the reactor's thread. One step at a time; its owner has the deadline.
class Handshake : public std::enable_shared_from_this<Handshake> {
 public:
  using Then = std::function<void(Result<void>)>;

  explicit Handshake(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  /// Until the stream can be read and written.
  void call(Then then);
  /// The same for the side that is called: nothing is done for a caller that says nothing.
  void answer(Then then);
  /// Until `into`, which must live on, is full. Never reads more.
  void read(std::span<std::byte> into, Then then);
  /// A message so short that a fresh connection takes it whole.
  Result<void> write(std::span<const std::byte> message);

  /// Nothing more is called. The stream is shut.
  void cancel();
  /// Hands the stream on.
  std::unique_ptr<ByteStream> release() { return std::move(stream_); }
  ByteStream& stream() { return *stream_; }

 private:
  void step();
  void read_some();
  void wait(const IoResult& moved, void (Handshake::*next)());
  void finish(Result<void> how);

  std::unique_ptr<ByteStream> stream_;
  std::span<std::byte> left_;
  Then then_;
};

}  // namespace leat::wire
