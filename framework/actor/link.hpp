/// Links: an edge at run time. Nothing but a Link knows where its peer is.
///
/// A link is one channel: the sending cell holds the Sender, the receiving cell the Receiver. Frames
/// arrive gapless and in order. tests/actor/link_conformance.hpp is what every link must pass.
#pragma once

#include <leat/actor/channel_meter.hpp>
#include <leat/actor/frame.hpp>
#include <leat/actor/wake.hpp>

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace leat {

/// The upper end of a link. Threads: one at a time.
class Sender {
 public:
  /// `meter`: where it publishes sent and limit; null: nowhere.
  explicit Sender(std::shared_ptr<ChannelMeter> meter = {}) : meter_(std::move(meter)) {}
  virtual ~Sender() = default;
  /// May be null.
  ChannelMeter* meter() const { return meter_.get(); }

  /// Takes frames from the front of `frames` as far as credit allows; returns how many. When it took
  /// fewer than all, it wakes the sending cell once credit comes.
  virtual std::size_t send(std::span<Frame> frames) = 0;

  /// Sent and not yet consumed: what balance dispatch compares.
  virtual Amount outstanding() const = 0;

 private:
  std::shared_ptr<ChannelMeter> meter_;
};

/// The lower end of a link. Threads: one at a time.
class Receiver {
 public:
  /// `meter`: where it publishes received and consumed; null: nowhere.
  explicit Receiver(std::shared_ptr<ChannelMeter> meter = {}) : meter_(std::move(meter)) {}
  virtual ~Receiver() = default;
  /// May be null.
  ChannelMeter* meter() const { return meter_.get(); }

  /// Appends up to `most` frames to `into`; returns how many. When it gave none, it wakes the
  /// receiving cell once a frame comes.
  virtual std::size_t receive(std::vector<Frame>& into, std::size_t most) = 0;

  /// Ends the charge of frames received before. Credit returns at a quarter of the window, or at
  /// once when `idle`.
  virtual void consumed(Amount amount, bool idle) = 0;

 private:
  std::shared_ptr<ChannelMeter> meter_;
};

}  // namespace leat
