#include <leat/runtime/outflow.hpp>

#include <leat/graph/bound.hpp>

#include <algorithm>

namespace leat {

Outflow::Outflow(Setup setup, std::vector<std::unique_ptr<Sender>> channels) : setup_(std::move(setup)) {
  for (auto& sender : channels) channels_.push_back({std::move(sender), {}, 0});
}

void Outflow::push(Channel& channel, Frame frame) {
  amount_ += frame.cost();
  ++staged_;
  channel.queue.push_back(std::move(frame));
}

Result<void> Outflow::stage(const Chunk& chunk, std::uint64_t sequence) {
  Frame frame;
  frame.sequence = sequence;
  frame.chunk = chunk;
  switch (setup_.rule) {
    case Dispatch::Rule::forward: push(channels_[0], std::move(frame)); return {};
    case Dispatch::Rule::broadcast:
      for (Channel& channel : channels_) push(channel, frame);
      return {};
    case Dispatch::Rule::balance:
      if (channels_.size() == 1) {
        push(channels_[0], std::move(frame));
        return {};
      }
      if (setup_.numbers) {
        frame.sequence = next_++;
        frame.closes = true;
      }
      amount_ += frame.cost();
      ++staged_;
      balanced_.push_back(std::move(frame));
      return {};
    case Dispatch::Rule::key: break;
  }
  pieces_.clear();
  auto split = setup_.splitter(*setup_.pool, chunk, channels_.size(), pieces_);
  for (auto& [replica, piece] : pieces_) {
    frame.chunk = std::move(piece);
    if (split && frame.cost().bytes > setup_.window.bytes) {
      split = overloaded("a piece of a keyed chunk takes " + byte_text(frame.cost().bytes) +
                         " and the credit is " + byte_text(setup_.window.bytes) + ": raise its credit");
    }
    if (split) push(channels_[replica], frame);
  }
  return split;
}

void Outflow::stage_done(std::uint64_t sequence) {
  for (Channel& channel : channels_) {
    bool waiting = channel.head < channel.queue.size();
    if (waiting && channel.queue.back().sequence == sequence) {
      channel.queue.back().closes = true;
    } else {
      Frame done;
      done.kind = Frame::Kind::done;
      done.sequence = sequence;
      push(channel, std::move(done));
    }
  }
}

void Outflow::stage_end(Ending ending) {
  Frame end;
  end.kind = Frame::Kind::end;
  end.ending = ending;
  for (Channel& channel : channels_) push(channel, end);
}

bool Outflow::flush() {
  if (staged_ == 0) return true;
  bool all = setup_.rule != Dispatch::Rule::balance || flush_balanced();
  // An end overtakes nothing: it is staged last, and waits for what balance still holds.
  if (!all) return false;
  for (Channel& channel : channels_) all = flush(channel) && all;
  if (all) amount_ = {};
  return all;
}

bool Outflow::flush(Channel& channel) {
  if (channel.head == channel.queue.size()) return true;
  std::size_t sent = channel.sender->send(std::span(channel.queue).subspan(channel.head));
  channel.head += sent;
  staged_ -= sent;
  if (channel.head < channel.queue.size()) return false;
  channel.queue.clear();
  channel.head = 0;
  return true;
}

bool Outflow::flush_balanced() {
  while (!balanced_.empty()) {
    auto least = std::min_element(channels_.begin(), channels_.end(), [](auto& a, auto& b) {
      return a.sender->outstanding().bytes < b.sender->outstanding().bytes;
    });
    if (least->sender->send(std::span(&balanced_.front(), 1)) == 0) return false;
    balanced_.pop_front();
    --staged_;
  }
  return true;
}

void Outflow::drop() {
  balanced_.clear();
  for (Channel& channel : channels_) {
    channel.queue.clear();
    channel.head = 0;
  }
  staged_ = 0;
  amount_ = {};
}

}  // namespace leat
