/// The data plane: links to other nodes over TCP, plain with a token on loopback, TLS 1.3 elsewhere.
///
/// One per process. docs/wire.md says what goes over a connection.
#pragma once

#include <leat/actor/link_factory.hpp>
#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/pending_connections.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// What a process's links to the nodes of one job need to know.
struct JobWiring {
  std::uint64_t job = 0;
  std::uint32_t epoch = 0;
  std::string token;                ///< secret of the job: 16 to 64 bytes, from the control plane
  std::uint32_t me = 0;             ///< this node: an index into `nodes`
  std::vector<Endpoint> nodes;      ///< the data endpoints of all
  std::chrono::milliseconds reconnect_within{3000};  ///< a connection that is lost for longer fails
  std::function<void(std::uint32_t peer, Error)> lost;  ///< once a peer, on the plane's thread
};

/// Counters of the links to and from one peer. They only grow.
struct PeerTraffic {
  std::uint32_t peer = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t chunks_out = 0;
  std::uint64_t chunks_in = 0;
  std::uint64_t reconnects = 0;
};

/// The links of one job on this node. Destroying it closes its connections, at once: what peers have not
/// received is gone, so it is kept until the job is over on all nodes. Ends that live on are dead: they
/// take and give nothing more. After its destructor nothing is called any more but wakes that are under
/// way; it may be destroyed by `lost`, but not by a wake.
class JobLinks : public LinkFactory {
 public:
  /// Connects, once all ends are made. What peers send before that waits at their end. Both nodes must have
  /// made ends for the same channels.
  ///
  /// Ends may be made later, too: of each channel the upper end first, then the lower one; then start() again
  /// on both nodes, which connects those that were not. Not while holding what `lost` or a wake needs.
  virtual void start() = 0;
  /// After start(), of a job that is to end soon: a peer that never was connected is given up as early as one that
  /// was lost. Threads: any.
  virtual void hurry() = 0;
  /// One more node, after all there are: the peer that has the next index. Threads: any, one at a time.
  virtual void add_node(Endpoint data) = 0;
  /// Calls `call` on the plane's thread once peers have received all that was sent and all channels to them have
  /// ended, so that this node may go; before it returns where that is so already. A later one takes its place.
  /// `call` must not destroy the links. Threads: any.
  virtual void when_settled(std::function<void()> call) = 0;
  /// The peer goes, settled: its loss is none. Threads: any.
  virtual void part(std::uint32_t peer) = 0;
  /// Of peers with which anything was exchanged. Bytes count headers and what was sent again, not TLS.
  virtual std::vector<PeerTraffic> traffic() const = 0;
};

/// Threads: any. Owns one I/O thread.
class DataPlane {
 public:
  struct Options {
    Endpoint listen;
    std::optional<Credentials> tls;  ///< must be given off loopback
    Log log;
    /// Connections not yet authenticated, at most: one more takes the place of the oldest, but of none that is
    /// here for less than `pending_stay`. As many again may wait for their job to start.
    std::size_t pending = kPending;
    std::chrono::milliseconds pending_stay = kPendingStay;
    std::chrono::milliseconds handshake_within{5000};
    /// Each end of a connection says something at least so often; one that has heard nothing for four times as
    /// long gives the connection up. The same on all nodes.
    std::chrono::milliseconds beat{300};
  };
  /// Listens. Errors: invalid (off loopback without credentials; files that cannot be read), failed
  /// (port in use).
  static Result<std::unique_ptr<DataPlane>> open(Options options);
  virtual ~DataPlane() = default;

  /// Where it listens, with the port that was free.
  virtual Endpoint endpoint() const = 0;

  virtual std::unique_ptr<JobLinks> links(JobWiring wiring) = 0;
};

}  // namespace leat
