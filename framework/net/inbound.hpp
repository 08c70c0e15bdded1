/// All channels from one peer to this node, and the connection they come by: the lower ends.
#pragma once

#include <leat/net/frame_reader.hpp>
#include <leat/net/in_channel.hpp>
#include <leat/net/connection.hpp>
#include <leat/net/outbound.hpp>
#include <leat/net/backoff.hpp>
#include <leat/net/wiring.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace leat::wire {

/// Threads: as said at each; what is not said is on the reactor's thread.
class Inbound final : public Traffic, private FrameReader::Frames, public std::enable_shared_from_this<Inbound> {
 public:
  Inbound(std::shared_ptr<JobContext> job, std::uint32_t peer, Lost lost);

  /// Before the first start(): threads: any, one at a time. Later the peer has its end already: it is told
  /// the credit at once.
  std::unique_ptr<Receiver> receiver(const ChannelSpec& spec, std::shared_ptr<Pool> pool, Wake wake);
  /// The peer must have connected by `until`, if it was not expected or there before.
  void start(Clock::time_point until);
  /// A first connection that is not there by `until` is given up then.
  void hurry(Clock::time_point until);
  /// Takes a connection whose HELLO was good; one that is there already is the peer's old one.
  void attach(std::unique_ptr<ByteStream> stream);
  /// Drops all; the ends give nothing more.
  void close();

  /// How many channels there were at the first start(): both ends agree on that, whatever is made later.
  std::uint32_t first_channels() const { return first_ ? first_ : static_cast<std::uint32_t>(channels_.size()); }

  /// Threads: any.
  struct Lane;
  void consumed(Lane& lane, Amount amount, bool idle);

  void fill(const Connection& connection, Batch& batch, bool sign) override;
  std::span<const iovec> room() override { return reader_.room(); }
  Result<void> arrived(std::size_t bytes) override;
  void settled() override;
  void broken(const Error& error, bool refused) override;

  // One channel, and whether its credit waits to be written: guarded by the mutex.
  struct Lane {
    std::shared_ptr<InChannel> channel;
    bool due = false;
    bool later = false;
  };

 private:
  Result<std::byte*> begin(const Header& header) override;
  Result<void> finish(const Header& header) override;
  Result<void> refuse(const Error& error, const Header& header) const;

  void due_locked(Lane& lane);
  void pump();
  void detach();
  void expect_back(Clock::time_point until, const std::string& why);
  void tidy();
  void arm_tidy();

  std::shared_ptr<JobContext> job_;
  std::uint32_t peer_;
  TrafficCounters& tally_;
  Lost lost_;
  std::deque<Lane> channels_;  // grows, on the reactor's thread, and under the mutex

  std::mutex mutex_;
  std::vector<Lane*> due_;    // whose credit is to be written
  std::vector<Lane*> later_;  // whose may wait for the next tidying
  bool tidying_ = false;
  std::shared_ptr<Connection> connection_;  // while connected
  bool closed_ = false;

  // On the reactor's thread only.
  std::unordered_map<std::uint32_t, Lane*> by_id_;
  FrameReader reader_;
  bool checked_ = true;
  Lane* current_ = nullptr;          // of the frame begun last
  std::byte* payload_ = nullptr;     // and where its payload is
  std::vector<InChannel*> to_wake_;
  bool pump_ = false;
  bool active_ = false;  // something came since the last tidying
  bool started_ = false;  // and not parted in peace since
  std::uint32_t first_ = 0;  // channels at the first start
  bool was_connected_ = false;
  Backoff backoff_;
  asio::steady_timer back_;
  asio::steady_timer tidy_;
};

}  // namespace leat::wire
