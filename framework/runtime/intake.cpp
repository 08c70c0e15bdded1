#include <leat/runtime/intake.hpp>

#include <algorithm>

namespace leat {

using Clock = std::chrono::steady_clock;

namespace {

// Before the next channel's turn.
constexpr std::size_t kFrames = 256;

}  // namespace

Intake::Intake(std::size_t stage, std::size_t port, bool whole_first, bool merges,
               std::vector<std::unique_ptr<Receiver>> channels, std::uint64_t first)
    : stage_(stage), port_(port), whole_first_(whole_first) {
  for (auto& receiver : channels) channels_.emplace_back().receiver = std::move(receiver);
  if (merges) merge_.emplace(channels_.size(), first);
}

void Intake::attach(std::unique_ptr<Receiver> receiver) {
  channels_.emplace_back().receiver = std::move(receiver);
  if (merge_) merge_->attach();
}

bool Intake::close() {
  closed_ = closed_ || !closes_ || closes_();
  return closed_;
}

bool Intake::fill(Channel& channel) {
  if (channel.barrier) return false;
  if (!channel.buffer.empty()) return true;
  if (channel.ended) return false;
  return channel.buffer.push_with(
             [&](std::vector<Frame>& into) { return channel.receiver->receive(into, kFrames); }) > 0;
}

bool Intake::ready() {
  return std::any_of(channels_.begin(), channels_.end(), [this](Channel& channel) { return fill(channel); });
}

void Intake::rest(Channel& channel) {
  channel.barrier = true;
  ++barriers_;
}

void Intake::release() {
  for (Channel& channel : channels_) channel.barrier = false;
  barriers_ = 0;
}

bool Intake::take_barriers() {
  bool any = false;
  for (Channel& channel : channels_) {
    if (!fill(channel) || channel.buffer.front().kind != Frame::Kind::barrier) continue;
    channel.buffer.pop();
    rest(channel);
    any = true;
  }
  return any;
}

void Intake::end(Channel& channel, const Frame& frame) {
  channel.ended = true;
  ++ended_;
  if (frame.ending == Ending::interrupted) ending_ = Ending::interrupted;
}

Intake::Arrived Intake::next_as_it_comes() {
  for (std::size_t tried = 0; tried < channels_.size();) {
    std::size_t index = turn_;
    Channel& channel = channels_[index];
    if (!fill(channel)) {
      turn();
      ++tried;
      continue;
    }
    Frame& frame = channel.buffer.next();
    // Every channel gets its turn, though one of them always has more.
    if (channel.buffer.empty()) turn();
    if (frame.kind == Frame::Kind::data) return {index, &frame};
    channel.tally += frame.cost();
    if (frame.kind == Frame::Kind::end) end(channel, frame);
    if (frame.kind == Frame::Kind::barrier) rest(channel);
  }
  if (ended_ == channels_.size()) close();
  return {};
}

void Intake::feed_merge(std::size_t index) {
  Channel& channel = channels_[index];
  while (merge_->wants(index) && fill(channel)) {
    Frame frame = channel.buffer.take();
    if (frame.kind == Frame::Kind::end) {
      end(channel, frame);
      merge_->end(index);
    } else if (frame.kind == Frame::Kind::barrier) {
      rest(channel);
    } else {
      merge_->add(index, std::move(frame));
    }
  }
}

Intake::Arrived Intake::next_in_order() {
  while (true) {
    for (std::size_t i = 0; i < channels_.size(); ++i) feed_merge(i);
    if (merge_->only_leftovers() && !close()) return {};
    auto taken = merge_->take();
    if (!taken) return {};
    merged_ = std::move(taken->frame);
    if (merged_.kind == Frame::Kind::data) return {taken->channel, &merged_};
    channels_[taken->channel].tally += merged_.cost();
  }
}

ChannelMeter* Intake::waits_for() const {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const Channel& channel = channels_[i];
    bool has = !channel.buffer.empty() || (merge_ && !merge_->wants(i));
    if (!channel.ended && !channel.barrier && !has) return channel.receiver->meter();
  }
  return nullptr;
}

void Intake::waited(std::size_t index, Clock::time_point since, Clock::time_point now) {
  Channel& channel = channels_[index];
  if (since == channel.since) return void(++channel.together);
  tell_waits(channel);
  channel.since = since;
  channel.waited = now - since;
  channel.together = 1;
}

void Intake::tell_waits(Channel& channel) {
  if (channel.together == 0) return;
  if (ChannelMeter* meter = channel.receiver->meter()) meter->waited_in(channel.waited, channel.together);
  channel.since = {};
  channel.together = 0;
}

void Intake::settle(bool idle) {
  for (Channel& channel : channels_) {
    tell_waits(channel);
    bool any = channel.tally.bytes > 0 || channel.tally.chunks > 0;
    if (!any && !idle) continue;
    channel.receiver->consumed(std::exchange(channel.tally, {}), idle);
  }
}

}  // namespace leat
