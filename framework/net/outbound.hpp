/// All channels from this node to one peer, and the connection they go down: the upper ends.
#pragma once

#include <leat/net/dial.hpp>
#include <leat/net/frame_reader.hpp>
#include <leat/net/connection.hpp>
#include <leat/net/backoff.hpp>
#include <leat/net/wiring.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace leat::wire {

/// Called once, on the reactor's thread, when a peer is given up.
using Lost = std::function<void(std::uint32_t peer, Error)>;

/// The upper end of one channel. Its Outbound's mutex guards it.
struct OutChannel {
  OutChannel(ChannelSpec s, Wake w) : spec(std::move(s)), wake(std::move(w)), credit(spec.window) {}

  ChannelSpec spec;
  Wake wake;
  SenderCredit credit;
  std::deque<Frame> frames;    ///< sent and not yet known to be received; the first is number `first`
  std::uint64_t first = 0;
  std::uint64_t next = 0;      ///< number of the frame to write next
  std::size_t offset = 0;      ///< how much of it is written
  std::uint64_t written = 0;   ///< frames ever written wholly: those before are resent
  bool resumed = false;        ///< the peer has said where to go on
  bool queued = false;         ///< waits for its turn to write
  bool waits = false;          ///< the cell wants to hear of credit
  bool ended = false;          ///< its end was sent

  std::uint64_t end() const { return first + frames.size(); }
};

/// Threads: as said at each; what is not said is on the reactor's thread.
class Outbound final : public Traffic, private FrameReader::Frames, public std::enable_shared_from_this<Outbound> {
 public:
  Outbound(std::shared_ptr<JobContext> job, std::uint32_t peer, Lost lost);

  /// Before the first start(): threads: any, one at a time. Later nothing is written on the channel before
  /// the peer tells its credit.
  std::unique_ptr<Sender> sender(const ChannelSpec& spec, Wake wake);
  /// Connects, if it is to and is not about to; gives up when that does not succeed by `until`.
  void start(Clock::time_point until);
  /// A first connection that is not there by `until` is given up then.
  void hurry(Clock::time_point until);
  /// Drops all; the ends take nothing more.
  void close();

  /// All channels have ended, and the peer has received all.
  bool all_received() const;

  /// Threads: any.
  std::size_t send(OutChannel& channel, std::span<Frame> frames);
  Amount outstanding(const OutChannel& channel) const;

  void fill(const Connection& connection, Batch& batch, bool sign) override;
  std::span<const iovec> room() override { return reader_.room(); }
  Result<void> arrived(std::size_t bytes) override;
  void settled() override;
  void broken(const Error& error, bool refused) override;

 private:
  Result<std::byte*> begin(const Header& header) override;
  Result<void> finish(const Header& header) override;

  void dial();
  void attach(std::unique_ptr<ByteStream> stream);
  void retry(const std::string& why);
  void give_up(const std::string& why);
  void detach_locked();
  bool finished_locked() const;
  void queue_locked(OutChannel& channel);
  void add_locked(OutChannel& channel, Batch& batch);
  Result<void> credit_locked(const Header& header);

  std::shared_ptr<JobContext> job_;
  std::uint32_t peer_;
  TrafficCounters& tally_;
  Lost lost_;

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<OutChannel>> channels_;
  std::deque<OutChannel*> turns_;  // who has something to write, in the order of their turns
  std::shared_ptr<Connection> connection_;     // while connected
  bool closed_ = false;

  // On the reactor's thread only.
  std::unordered_map<std::uint32_t, OutChannel*> by_id_;
  FrameReader reader_;
  std::vector<Frame> received_;        // let go once no lock is held
  std::vector<OutChannel*> credited_;  // to be woken
  bool pump_ = false;
  Backoff backoff_;
  bool started_ = false;  // and not parted in peace since
  std::uint32_t first_ = 0;  // channels at the first start
  bool was_connected_ = false;
  std::shared_ptr<Dial> dial_;
  asio::steady_timer again_;
};

}  // namespace leat::wire
