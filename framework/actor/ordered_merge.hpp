/// Ordered merge: brings the frames of parallel replicas back into the order of the region's inputs.
///
/// Pure: no threads, no I/O. Every sequence number is worked on by one replica, which sends its
/// frames in rising order and closes each number with a `done` (or a closing data frame). So the
/// number that is next is at the head of one channel, or that channel is empty and has credit: the
/// merge needs no memory of its own and cannot deadlock. What replicas emit once all input is done
/// carries kAfterAll and comes last, channel by channel; what they emit before their first number (from
/// a build side) carries 0 and comes as it comes. Channels may be attached as long as one can still
/// bring a number: nothing comes out before its turn, so one that is attached late is only waited for.
#pragma once

#include <leat/actor/frame.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace leat {

class OrderedMerge {
 public:
  static constexpr std::uint64_t kAfterAll = ~std::uint64_t{0};

  explicit OrderedMerge(std::size_t channels, std::uint64_t first = 0)
      : heads_(channels), past_(channels), ended_(channels), next_(first) {}

  /// One more channel; its index is the count of those before. Not once only leftovers are left.
  void attach() {
    heads_.emplace_back();
    past_.push_back(false);
    ended_.push_back(false);
  }

  /// True when no channel can bring a number any more: take() hands out what came after all of them.
  bool only_leftovers() const;

  /// True when `channel` has no frame waiting here: give it what the link has.
  bool wants(std::size_t channel) const { return !ended_[channel] && heads_[channel].empty(); }

  /// Gives the merge the next frame of a channel: data or done.
  void add(std::size_t channel, Frame frame) {
    past_[channel] = past_[channel] || frame.sequence == kAfterAll;
    heads_[channel].push_back(std::move(frame));
  }

  /// The channel will give nothing more.
  void end(std::size_t channel) { past_[channel] = ended_[channel] = true; }

  struct Taken {
    std::size_t channel;
    Frame frame;
  };

  /// The next frame in order, or nothing while the frame that is next has not been added. `done`
  /// frames are handed out too: their credit must be returned.
  std::optional<Taken> take();

  /// take() gives something.
  bool takes_any() const;

  /// Some channel has given a frame that has not been taken.
  bool holds_any() const {
    return std::any_of(heads_.begin(), heads_.end(), [](const auto& frames) { return !frames.empty(); });
  }

  /// The sequence number the merge waits for.
  std::uint64_t next() const { return next_; }

 private:
  std::optional<Taken> take_leftover();

  std::vector<std::deque<Frame>> heads_;
  std::vector<bool> past_;  // brings no number any more
  std::vector<bool> ended_;
  std::uint64_t next_;
  std::size_t last_ = 0;
};

}  // namespace leat
