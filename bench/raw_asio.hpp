#pragma once
// What the raw Asio peer speaks: 16 bytes of header, then the chunk. CRC32C (ISA-L) on plain
// connections, none under TLS.

#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <isa-l/crc.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "buffers.hpp"

namespace bench {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Tls = asio::ssl::stream<Tcp::socket>;

/// Reads or writes all there is in as few calls as the kernel allows: Asio's own condition,
/// transfer_all, stops each call at 64 KiB.
inline std::size_t as_much_as_goes(const boost::system::error_code& error, std::size_t) {
  return error ? 0 : std::size_t{1} << 30;
}

struct ChunkHeader {
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
  std::uint32_t reserved = 0;
};
static_assert(sizeof(ChunkHeader) == 16);

inline std::uint32_t crc32c(std::uint8_t* data, std::size_t size) {
  return crc32_iscsi(data, static_cast<int>(size), ~0u);
}

/// Mutual TLS 1.3 with NAME.pem, NAME.key and authority.pem of `folder`.
inline asio::ssl::context tls_context(const std::string& folder, const std::string& name) {
  asio::ssl::context context(asio::ssl::context::tlsv13);
  context.use_certificate_chain_file(folder + "/" + name + ".pem");
  context.use_private_key_file(folder + "/" + name + ".key", asio::ssl::context::pem);
  context.load_verify_file(folder + "/authority.pem");
  context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  return context;
}

/// What both ends are told.
struct RawOptions {
  std::size_t bytes = 256 * 1024;
  std::size_t count = 10000;
  std::size_t in_flight = 16;
  std::size_t gather = 1024 * 1024;
  std::string tls;
  std::string hops = "none";
  bool unpaced = false;
};

/// Sends `count` chunks from `in_flight` buffers in turn. A write gathers as many chunks as make
/// `gather` bytes, one at least; the next is prepared while one is under way.
template <class Stream>
class RawSender {
 public:
  RawSender(Stream& stream, const RawOptions& options, bool checksum)
      : stream_(stream), options_(options), checksum_(checksum) {
    for (std::size_t i = 0; i < options.in_flight; ++i) buffers_.push_back(new_buffer(options.bytes));
  }

  void start() {
    prepare(batches_[0]);
    write(0);
  }

 private:
  struct Batch {
    std::vector<ChunkHeader> headers;
    std::vector<asio::const_buffer> parts;
  };

  void prepare(Batch& batch) {
    const std::size_t most = std::max<std::size_t>(1, options_.gather / options_.bytes);
    const std::size_t chunks = std::min(most, options_.count - prepared_);
    batch.headers.resize(chunks);
    batch.parts.clear();
    for (ChunkHeader& header : batch.headers) {
      std::uint8_t* data = buffers_[prepared_++ % buffers_.size()].get();
      header.bytes = options_.bytes;
      header.crc = checksum_ ? crc32c(data, options_.bytes) : 0;
      batch.parts.emplace_back(&header, sizeof header);
      batch.parts.emplace_back(data, options_.bytes);
    }
  }

  void write(std::size_t which) {
    asio::async_write(stream_, batches_[which].parts, as_much_as_goes,
                      [this, which](boost::system::error_code error, std::size_t) {
                        if (error) throw boost::system::system_error(error, "sender");
                        if (!batches_[1 - which].parts.empty()) write(1 - which);
                      });
    prepare(batches_[1 - which]);
  }

  Stream& stream_;
  RawOptions options_;
  bool checksum_;
  std::vector<Buffer> buffers_;
  std::size_t prepared_ = 0;
  Batch batches_[2];
};

/// Receives into `in_flight` buffers in turn, each chunk together with the next one's header.
template <class Stream>
class RawReceiver {
 public:
  RawReceiver(Stream& stream, const RawOptions& options, bool checksum)
      : stream_(stream), options_(options), checksum_(checksum) {
    for (std::size_t i = 0; i < options.in_flight; ++i) buffers_.push_back(new_buffer(options.bytes));
  }

  void start() {
    asio::async_read(stream_, asio::buffer(&next_, sizeof next_), [this](auto error, std::size_t) {
      if (error) throw boost::system::system_error(error, "receiver");
      read();
    });
  }

 private:
  void read() {
    header_ = next_;
    if (header_.bytes > options_.bytes) throw std::runtime_error("a chunk is too large");
    const std::size_t more = received_ + 1 < options_.count ? sizeof next_ : 0;
    std::uint8_t* data = buffers_[received_ % buffers_.size()].get();
    const std::array<asio::mutable_buffer, 2> parts{asio::buffer(data, header_.bytes),
                                                    asio::buffer(&next_, more)};
    asio::async_read(stream_, parts, as_much_as_goes, [this, data](boost::system::error_code error, std::size_t) {
      if (error) throw boost::system::system_error(error, "receiver");
      if (checksum_ && crc32c(data, header_.bytes) != header_.crc)
        throw std::runtime_error("a checksum is wrong");
      if (++received_ < options_.count) read();
    });
  }

  Stream& stream_;
  RawOptions options_;
  bool checksum_;
  std::vector<Buffer> buffers_;
  std::size_t received_ = 0;
  ChunkHeader header_, next_;
};

}  // namespace bench
