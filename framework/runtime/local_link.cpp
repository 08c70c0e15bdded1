#include <leat/runtime/local_link.hpp>

#include <leat/actor/fifo.hpp>

#include <cassert>
#include <mutex>

namespace leat {
namespace {

struct Lane {
  Lane(Amount window, Wake sender, Wake receiver)
      : upper(window), lower(window), sender_wake(std::move(sender)), receiver_wake(std::move(receiver)) {}

  std::mutex mutex;
  Fifo<Frame> queue;
  SenderCredit upper;
  ReceiverCredit lower;
  bool sender_waits = false;
  bool receiver_waits = true;
  Wake sender_wake;
  Wake receiver_wake;
};

class LaneSender final : public Sender {
 public:
  LaneSender(std::shared_ptr<Lane> lane, std::shared_ptr<ChannelMeter> meter)
      : Sender(std::move(meter)), lane_(std::move(lane)) {}

  std::size_t send(std::span<Frame> frames) override {
    Amount all;
    for (const Frame& frame : frames) all += frame.cost();
    std::size_t sent = 0;
    bool wake = false;
    {
      std::lock_guard lock(lane_->mutex);
      Amount cost = all;
      sent = lane_->upper.allows(all) ? frames.size() : allowed(frames, cost);
      lane_->upper.charge(cost);
      if (sent > 0) meter()->sent.set(lane_->upper.sent());
      [[maybe_unused]] bool credited = lane_->lower.receive(cost);
      assert(credited && "in flight <= credit");
      lane_->queue.append(frames.first(sent));
      lane_->sender_waits = sent < frames.size();
      wake = sent > 0 && std::exchange(lane_->receiver_waits, false);
    }
    if (wake) lane_->receiver_wake();
    return sent;
  }

  Amount outstanding() const override {
    std::lock_guard lock(lane_->mutex);
    return lane_->lower.outstanding();
  }

 private:
  // How many of them there is credit for, and what these cost.
  std::size_t allowed(std::span<const Frame> frames, Amount& cost) const {
    cost = {};
    for (std::size_t i = 0; i < frames.size(); ++i) {
      Amount more = cost + frames[i].cost();
      if (!lane_->upper.allows(more)) return i;
      cost = more;
    }
    return frames.size();
  }

  std::shared_ptr<Lane> lane_;
};

class LaneReceiver final : public Receiver {
 public:
  LaneReceiver(std::shared_ptr<Lane> lane, std::shared_ptr<ChannelMeter> meter)
      : Receiver(std::move(meter)), lane_(std::move(lane)) {}

  std::size_t receive(std::vector<Frame>& into, std::size_t most) override {
    std::lock_guard lock(lane_->mutex);
    std::size_t count = lane_->queue.take(into, most);
    if (count == 0) lane_->receiver_waits = true;
    return count;
  }

  void consumed(Amount amount, bool idle) override {
    bool wake = false;
    {
      std::lock_guard lock(lane_->mutex);
      lane_->lower.consume(amount);
      meter()->consumed.set(lane_->lower.consumed());
      if (auto limit = lane_->lower.announce(idle)) {
        lane_->upper.announced(*limit);
        meter()->limit.set(*limit);
        wake = std::exchange(lane_->sender_waits, false);
      }
    }
    if (wake) lane_->sender_wake();
  }

 private:
  std::shared_ptr<Lane> lane_;
};

}  // namespace

LocalLink local_link(Amount window, Wake sender_wake, Wake receiver_wake, std::shared_ptr<ChannelMeter> meter) {
  auto lane = std::make_shared<Lane>(window, std::move(sender_wake), std::move(receiver_wake));
  return {std::make_unique<LaneSender>(lane, meter), std::make_unique<LaneReceiver>(lane, meter)};
}

}  // namespace leat
