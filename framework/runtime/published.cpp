#include <leat/runtime/published.hpp>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;

void fill(CellSnapshot& cell, const CellActivity& activity, Clock::time_point now) {
  auto reading = activity.read(now);
  cell.stages = activity.stages();
  cell.stage_ns = std::move(reading.stage_ns);
  cell.now = reading.now;
  cell.for_ns = reading.for_ns;
  cell.times = reading.times;
  cell.moves = reading.moves;
  cell.ended = reading.ended;
  if (reading.what == CellActivity::kNone || reading.ended) return;
  switch (reading.now) {
    case Activity::visit:
    case Activity::read:
    case Activity::later: cell.at = cell.stages[reading.what]; break;
    case Activity::gate: cell.at = reading.what; break;
    default: cell.channel = reading.what;
  }
}

void fill(ChannelSnapshot& channel, const ChannelMeter& meter) {
  // Consumed first: what is consumed was received, and what is received was sent.
  Amount consumed = meter.consumed.read();
  Amount received = channel.remote ? meter.received.read() : meter.sent.read();
  if (channel.receiver) {
    ReceiverSnapshot& receiver = *channel.receiver;
    receiver.consumed = consumed;
    receiver.received = received;
    receiver.longest_ns = meter.longest_ns.load(std::memory_order_relaxed);
    for (const auto& chunks : meter.queued) receiver.queued.push_back(chunks.load(std::memory_order_relaxed));
    while (!receiver.queued.empty() && receiver.queued.back() == 0) receiver.queued.pop_back();
  }
  if (!channel.sender) return;
  channel.sender->sent = meter.sent.read();
  channel.sender->limit = meter.limit.read();
  channel.sender->waited_ns = meter.waited_ns.load(std::memory_order_relaxed);
}

}  // namespace

void Published::add(CellSnapshot fixed, std::shared_ptr<const CellActivity> activity) {
  std::lock_guard lock(mutex_);
  cells_.emplace_back(std::move(fixed), std::move(activity));
}

void Published::add(ChannelSnapshot fixed, std::shared_ptr<const ChannelMeter> meter) {
  std::lock_guard lock(mutex_);
  channels_.emplace_back(std::move(fixed), std::move(meter));
}

void Published::read(JobSnapshot& into, Clock::time_point now) const {
  std::lock_guard lock(mutex_);
  for (const auto& [fixed, activity] : cells_) fill(into.cells.emplace_back(fixed), *activity, now);
  for (const auto& [fixed, meter] : channels_) fill(into.channels.emplace_back(fixed), *meter);
  // A wait that goes on is one, too.
  for (const CellSnapshot& cell : into.cells) {
    if (cell.now != Activity::credit || !cell.channel) continue;
    for (ChannelSnapshot& channel : into.channels) {
      if (channel.id == *cell.channel && channel.sender) channel.sender->waited_ns += cell.for_ns;
    }
  }
}

}  // namespace leat
