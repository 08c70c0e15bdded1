/// TLS 1.3 with certificates on both sides, by OpenSSL over the socket itself.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/byte_stream.hpp>

#include <memory>

namespace leat::wire {

enum class Side { client, server };

/// A process's certificate and whom it trusts. Threads: any, once made. Must outlive no stream: they
/// share it.
class TlsContext {
 public:
  /// Errors: invalid, when a file cannot be read or key and certificate do not belong together.
  static Result<std::shared_ptr<TlsContext>> make(const Credentials& credentials);
  virtual ~TlsContext() = default;

  /// A stream that checks the peer against the authority; its handshake is still to be done.
  virtual std::unique_ptr<ByteStream> stream(asio::ip::tcp::socket socket, Side side) = 0;
};

}  // namespace leat::wire
