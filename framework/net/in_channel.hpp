/// The lower end of one channel: what has come and waits for its cell, and the books of its credit.
#pragma once

#include <leat/actor/link_factory.hpp>
#include <leat/net/framing.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace leat::wire {

/// Threads: the cell's calls one at a time, the connection's one at a time, the two beside each other.
class InChannel {
 public:
  InChannel(ChannelSpec spec, std::shared_ptr<Pool> pool, Wake wake);

  const ChannelSpec& spec() const { return spec_; }
  void wake() const { wake_(); }

  // The cell's side.

  std::size_t receive(std::vector<Frame>& into, std::size_t most);
  /// What is to be done about the credit that came free.
  enum class Announce { nothing, later, now };
  Announce consumed(Amount amount, bool idle);
  /// Nobody receives any more: what comes is dropped, and its credit stays used.
  void abandon();

  // The connection's side.

  /// A data frame's header, against all that this channel allows: where its payload goes. Nothing is
  /// allocated for what is refused.
  Result<std::byte*> begin(const Header& header, std::uint32_t epoch);
  /// The slice is in its place.
  struct Arrived {
    bool chunk = false;  ///< a whole one
    bool wake = false;   ///< the cell waits for it
  };
  Result<Arrived> finish(const Header& header);
  /// A frame without payload.
  Result<Arrived> mark(const Header& header, std::uint32_t epoch);
  /// The connection broke: a chunk half received will be sent again.
  void forget_partial();
  /// All has come that ever will.
  bool ended() const { return ended_; }
  /// A credit frame with all there is to tell now. Threads: any.
  Header credit(std::uint32_t epoch);

 private:
  Result<void> check_begin(const Header& header) const;
  Result<void> check_place(const Header& header, std::uint32_t epoch) const;
  Result<Arrived> take(const Header& header, Chunk chunk);
  Result<std::byte*> place(const Header& header);

  ChannelSpec spec_;
  std::shared_ptr<Pool> pool_;
  Wake wake_;

  // The connection's.
  Chunk partial_;
  Block* block_ = nullptr;   // of partial_
  std::size_t offset_ = 0;   // how much of it has come
  Header begun_;             // of its first slice
  std::vector<std::byte> packed_;
  bool ended_ = false;
  std::uint64_t position_ = 0;  // frames received wholly; written under the mutex too

  mutable std::mutex mutex_;
  std::deque<Frame> queue_;
  ReceiverCredit credit_;
  Amount limit_;  // last announced
  std::uint32_t barriers_ = 0;  // in queue_
  bool waits_ = true;
  bool abandoned_ = false;
};

}  // namespace leat::wire
