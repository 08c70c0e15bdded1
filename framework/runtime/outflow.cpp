#include <leat/runtime/outflow.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/bound.hpp>

#include <algorithm>

namespace leat {

using Clock = std::chrono::steady_clock;

Outflow::Outflow(Setup setup, std::vector<std::unique_ptr<Sender>> channels) : setup_(std::move(setup)), next_(setup_.first) {
  for (auto& sender : channels) channels_.push_back({channels_.size(), std::move(sender), {}, false});
}

std::size_t Outflow::live() const {
  return static_cast<std::size_t>(
      std::count_if(channels_.begin(), channels_.end(), [](const Channel& channel) { return !channel.retired; }));
}

void Outflow::attach(std::size_t name, std::unique_ptr<Sender> sender) {
  // A retired channel goes once its peer has taken all.
  std::erase_if(channels_, [](const Channel& channel) {
    return channel.retired && channel.queue.empty() && channel.sender->outstanding() == Amount{};
  });
  channels_.push_back({name, std::move(sender), {}, false});
}

void Outflow::retire(std::size_t name) {
  auto found = std::find_if(channels_.begin(), channels_.end(),
                            [&](const Channel& channel) { return channel.name == name && !channel.retired; });
  if (found == channels_.end() || live() == 1) return;
  found->retired = true;
  Frame end;
  end.kind = Frame::Kind::end;
  push(found->queue, std::move(end));
}

void Outflow::push(Fifo<Frame>& queue, Frame frame) {
  amount_ += frame.cost();
  ++staged_;
  queue.push(std::move(frame));
}

inline Frame& Outflow::push(Fifo<Frame>& queue, Chunk&& chunk, std::uint64_t sequence, Clock::time_point since,
                            const Trace& trace) {
  amount_ += {chunk.footprint(), 1};
  ++staged_;
  return queue.emplace(std::move(chunk), sequence, since, trace);
}

Result<void> Outflow::stage(Chunk&& chunk, std::uint64_t sequence, Clock::time_point since, const Trace& trace) {
  due_ = std::min(due_, trace.due);
  switch (setup_.rule) {
    case Dispatch::Rule::forward: push(channels_[0].queue, std::move(chunk), sequence, since, trace); return {};
    case Dispatch::Rule::broadcast:
      for (Channel& channel : channels_) push(channel.queue, Chunk(chunk), sequence, since, trace);
      return {};
    case Dispatch::Rule::balance:
      if (setup_.numbers) sequence = next_++;
      push(balanced_, std::move(chunk), sequence, since, trace).closes = setup_.numbers;
      return {};
    case Dispatch::Rule::key: break;
  }
  return stage_pieces(chunk, sequence, since, trace);
}

Result<void> Outflow::stage_pieces(const Chunk& chunk, std::uint64_t sequence, Clock::time_point since,
                                   const Trace& trace) {
  auto split_up = split(chunk);
  for (auto& [replica, piece] : pieces_) {
    if (split_up) split_up = check(replica, piece);
    if (split_up) push(channels_[replica].queue, std::move(piece), sequence, since, trace);
  }
  return split_up;
}

bool Outflow::splits() const { return setup_.rule == Dispatch::Rule::key; }

Result<void> Outflow::split(const Chunk& chunk) {
  pieces_.clear();
  auto split = guarded([&] { return setup_.splitter(*setup_.pool, chunk, channels_.size(), pieces_); });
  return split || !split.error().thrown ? split : split.error().in("its key " + setup_.by);
}

Result<void> Outflow::check(std::size_t replica, const Chunk& piece) const {
  if (replica >= channels_.size()) {
    return failed("its key " + setup_.by + " sends a chunk to replica " + std::to_string(replica) + " of " +
                  std::to_string(channels_.size()) + ": count from 0");
  }
  if (!piece) return failed("its key " + setup_.by + " gives a piece that is empty");
  if (piece.footprint() <= setup_.window.bytes) return {};
  return overloaded("a piece of a keyed chunk takes " + byte_text(piece.footprint()) + " and the credit is " +
                    byte_text(setup_.window.bytes) + ": raise its credit");
}

void Outflow::stage_done(std::uint64_t sequence) {
  for (Channel& channel : channels_) {
    if (!channel.queue.empty() && channel.queue.back().sequence == sequence) {
      channel.queue.back().closes = true;
    } else {
      Frame done;
      done.kind = Frame::Kind::done;
      done.sequence = sequence;
      push(channel.queue, std::move(done));
    }
  }
}

void Outflow::stage_barrier(std::uint64_t n) {
  Frame barrier;
  barrier.kind = Frame::Kind::barrier;
  barrier.sequence = n;
  for (Channel& channel : channels_) {
    if (!channel.retired) push(channel.queue, barrier);
  }
}

void Outflow::stage_end(Ending ending) {
  Frame end;
  end.kind = Frame::Kind::end;
  end.ending = ending;
  for (Channel& channel : channels_) {
    if (!channel.retired) push(channel.queue, end);
  }
}

bool Outflow::flush() {
  if (staged_ == 0) return true;
  bool balanced = flush_balanced();
  bool all = balanced;
  // An end overtakes nothing: it is staged last, and waits for what balance still holds; but not that
  // of a channel which gets nothing of it. One that has no credit keeps no other from being sent.
  for (Channel& channel : channels_) {
    if (balanced || channel.retired) all = flush(channel) && all;
  }
  if (all) {
    amount_ = {};
    due_ = std::chrono::steady_clock::time_point::max();
  }
  return all;
}

bool Outflow::flush(Channel& channel) {
  if (channel.queue.empty()) return true;
  std::size_t sent = channel.sender->send(channel.queue.rest());
  channel.queue.pop(sent);
  staged_ -= sent;
  return channel.queue.empty();
}

bool Outflow::flush_balanced() {
  if (balanced_.empty()) return true;
  bool single = live() == 1;
  while (!balanced_.empty()) {
    Channel* least = nullptr;
    Amount outstanding;
    for (Channel& channel : channels_) {
      if (channel.retired) continue;
      Amount its = single ? Amount{} : channel.sender->outstanding();
      if (least && its.bytes >= outstanding.bytes) continue;
      least = &channel;
      outstanding = its;
    }
    std::size_t sent = least->sender->send(balanced_.rest().first(single ? balanced_.rest().size() : 1));
    balanced_.pop(sent);
    staged_ -= sent;
    if (sent == 0) return false;
  }
  return true;
}

ChannelMeter* Outflow::waits_for() const {
  auto waits = [this](const Channel& channel) {
    return !channel.queue.empty() || (!balanced_.empty() && !channel.retired);
  };
  auto found = std::find_if(channels_.begin(), channels_.end(), waits);
  return found == channels_.end() ? nullptr : found->sender->meter();
}

void Outflow::drop() {
  balanced_.clear();
  for (Channel& channel : channels_) channel.queue.clear();
  staged_ = 0;
  amount_ = {};
  due_ = std::chrono::steady_clock::time_point::max();
}

}  // namespace leat
