/// Where the ends of channels to other nodes come from. The runtime asks for them and sees nothing else
/// of the network.
#pragma once

#include <leat/actor/link.hpp>
#include <leat/chunk/pool.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace leat {

/// One channel of a job that crosses nodes. Both ends are made from equal specs, but for `peer`.
struct ChannelSpec {
  std::uint32_t id = 0;         ///< unique in the job, the same at both ends
  std::uint32_t peer = 0;       ///< the node at the other end: an index into the job's nodes
  std::uint64_t type = 0;       ///< schema id of every chunk's root
  Amount window;                ///< credit
  std::uint64_t max_chunk = 0;  ///< footprint of one chunk, at most, in bytes
  bool compress = false;        ///< lz4 on the wire
  std::string name;             ///< "parse 2 to train 0": for the log
  std::shared_ptr<ChannelMeter> meter = std::make_shared<ChannelMeter>();  ///< where this end publishes
};

/// Threads: calls one at a time, that of the job's building.
class LinkFactory {
 public:
  virtual ~LinkFactory() = default;

  /// The upper end of a channel to `spec.peer`. May be used at once; what is sent waits for the peer.
  virtual std::unique_ptr<Sender> sender(const ChannelSpec& spec, Wake wake) = 0;

  /// The lower end of a channel from `spec.peer`. Chunks come in blocks of `pool`, validated.
  virtual std::unique_ptr<Receiver> receiver(const ChannelSpec& spec, std::shared_ptr<Pool> pool, Wake wake) = 0;
};

}  // namespace leat
