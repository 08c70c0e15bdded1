/// One edge's lower end in one cell: its channels, merged as they come or in order.
#pragma once

#include <leat/actor/fifo.hpp>
#include <leat/actor/link.hpp>
#include <leat/actor/ordered_merge.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace leat {

/// Threads: one at a time, that of its cell.
class Intake {
 public:
  /// `stage`: index in the cell of the stage it feeds. `merges`: restore the order of sequence numbers.
  /// `first`: the sequence number that the order begins with.
  Intake(std::size_t stage, std::size_t port, bool whole_first, bool merges,
         std::vector<std::unique_ptr<Receiver>> channels, std::uint64_t first = 0);

  std::size_t stage() const { return stage_; }
  std::size_t port() const { return port_; }
  bool whole_first() const { return whole_first_; }
  /// All channels have ended, and none will be attached.
  bool ended() const { return closed_ && ended_ == channels_.size(); }
  Ending ending() const { return ending_; }

  /// One more channel, as long as no `closes` has returned true.
  void attach(std::unique_ptr<Receiver> receiver);
  /// Asked, again and again until it is true, once no channel brings more (in order: no more numbers):
  /// whether none will be attached. Without it none will.
  void closes_when(std::function<bool()> closes) { closes_ = std::move(closes); }

  struct Arrived {
    std::size_t channel = 0;
    Frame* frame = nullptr;  ///< until the next call; null: none
  };
  /// The next data frame, or none when there is none now (the cell will be woken) or no more.
  Arrived next() { return merge_ ? next_in_order() : next_as_it_comes(); }

  /// Some channel has brought a barrier, and rests.
  bool at_barrier() const { return barriers_ > 0; }
  /// Every channel has brought one, or ended: nothing comes before release().
  bool rests() const { return ended_ + barriers_ == channels_.size() && (!merge_ || !merge_->takes_any()); }
  void release();
  /// Takes in the barriers that are next on their channels, and nothing else, where no chunk may be taken in. True when there
  /// was one.
  bool take_barriers();
  /// Chunks are held that come after all numbers, while some channel may bring a number yet.
  bool holds_leftovers() const { return waits_for_number(); }
  /// The number that is next in order; none: it keeps none.
  std::optional<std::uint64_t> next_number() const { return merge_ ? std::optional(merge_->next()) : std::nullopt; }

  /// True when a frame is there already.
  bool ready();
  /// The first channel that has nothing and may have more; null: none, or not known.
  ChannelMeter* waits_for() const;
  /// Chunks are there, in order, and the next number is not.
  bool waits_for_number() const { return merge_ && merge_->holds_any(); }
  /// A chunk of the channel has come to its stage, at `now`; it has waited since `since`.
  void waited(std::size_t channel, std::chrono::steady_clock::time_point since, std::chrono::steady_clock::time_point now);

  /// Ends a frame's charge: once its visit is over.
  void consumed(std::size_t channel, Amount amount) { channels_[channel].tally += amount; }
  /// Returns what was consumed; all of it when `idle`.
  void settle(bool idle);

 private:
  struct Channel {
    std::unique_ptr<Receiver> receiver;
    Fifo<Frame> buffer;
    bool ended = false;
    bool barrier = false;  // has come, and the channel rests
    Amount tally;
    // Chunks that were sent together have waited together: they are counted at once.
    std::chrono::steady_clock::time_point since{};
    std::chrono::steady_clock::duration waited{};
    std::uint64_t together = 0;
  };

  void tell_waits(Channel& channel);

  bool fill(Channel& channel);
  void turn() { turn_ = turn_ + 1 < channels_.size() ? turn_ + 1 : 0; }
  bool close();
  void end(Channel& channel, const Frame& frame);
  void rest(Channel& channel);
  Arrived next_as_it_comes();
  Arrived next_in_order();
  void feed_merge(std::size_t index);

  std::size_t stage_;
  std::size_t port_;
  bool whole_first_;
  std::vector<Channel> channels_;
  std::optional<OrderedMerge> merge_;
  Frame merged_;  // the last that came of it
  std::function<bool()> closes_;
  bool closed_ = false;
  std::size_t turn_ = 0;
  std::size_t ended_ = 0;
  std::size_t barriers_ = 0;
  Ending ending_ = Ending::complete;
};

}  // namespace leat
