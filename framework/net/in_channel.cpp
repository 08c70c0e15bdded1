#include <leat/net/in_channel.hpp>

#include <leat/chunk/validate.hpp>

#include <algorithm>

#include <lz4.h>

namespace leat::wire {
namespace {

// Barriers cost no credit; more than this many waiting are not a checkpoint, but an attack.
constexpr std::uint32_t kBarriers = 4;

Frame::Kind kind_of(FrameKind kind) {
  switch (kind) {
    case FrameKind::done: return Frame::Kind::done;
    case FrameKind::barrier: return Frame::Kind::barrier;
    case FrameKind::end: return Frame::Kind::end;
    default: return Frame::Kind::data;
  }
}

}  // namespace

InChannel::InChannel(ChannelSpec spec, std::shared_ptr<Pool> pool, Wake wake)
    : spec_(std::move(spec)),
      pool_(std::move(pool)),
      wake_(std::move(wake)),
      credit_(spec_.window),
      limit_(spec_.window) {}

std::size_t InChannel::receive(std::vector<Frame>& into, std::size_t most) {
  std::lock_guard lock(mutex_);
  std::size_t count = std::min(most, queue_.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (queue_.front().kind == Frame::Kind::barrier) --barriers_;
    into.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  if (count == 0) waits_ = true;
  return count;
}

// An idle receiver's credit need not hurry while the sender has half its window left: several such then
// go together.
InChannel::Announce InChannel::consumed(Amount amount, bool idle) {
  std::lock_guard lock(mutex_);
  if (abandoned_) return Announce::nothing;
  credit_.consume(amount);
  spec_.meter->consumed.set(credit_.consumed());
  if (auto limit = credit_.announce(false)) {
    limit_ = *limit;
    return Announce::now;
  }
  if (!idle || credit_.consumed() + credit_.window() == limit_) return Announce::nothing;
  Amount left = limit_ - (credit_.consumed() + credit_.outstanding());
  bool ample = left.bytes * 2 >= credit_.window().bytes && left.chunks * 2 >= credit_.window().chunks;
  return ample ? Announce::later : Announce::now;
}

void InChannel::abandon() {
  std::deque<Frame> dropped;
  std::lock_guard lock(mutex_);
  abandoned_ = true;
  dropped.swap(queue_);
}

Header InChannel::credit(std::uint32_t epoch) {
  std::lock_guard lock(mutex_);
  if (auto limit = credit_.announce(true)) limit_ = *limit;
  Header header;
  header.kind = FrameKind::credit;
  header.channel = spec_.id;
  header.epoch = epoch;
  header.position = position_;
  header.sequence = limit_.bytes;
  header.chunks = limit_.chunks;
  return header;
}

Result<void> InChannel::check_place(const Header& header, std::uint32_t epoch) const {
  if (header.epoch != epoch) {
    return corrupt("a frame of epoch " + std::to_string(header.epoch) + ", this is epoch " + std::to_string(epoch));
  }
  if (ended_) return corrupt("a frame after the end");
  if (header.position != position_) {
    return corrupt("frame " + std::to_string(header.position) + " where " + std::to_string(position_) + " is due");
  }
  return {};
}

Result<void> InChannel::check_begin(const Header& header) const {
  if (header.cost > spec_.max_chunk || header.cost > spec_.window.bytes) {
    return corrupt("a chunk of " + std::to_string(header.cost) + " bytes, at most " +
                   std::to_string(std::min(spec_.max_chunk, spec_.window.bytes)) + " are allowed");
  }
  bool sound = header.cost > sizeof(Block) && header.total <= header.cost - sizeof(Block) &&
               Pool::footprint(header.cost - sizeof(Block)) == header.cost;
  if (!sound) return corrupt("a chunk that pins another amount of memory than it is charged");
  std::lock_guard lock(mutex_);
  ReceiverCredit trial = credit_;
  if (!trial.receive({header.cost, 1})) return corrupt("data without credit");
  return {};
}

Result<std::byte*> InChannel::begin(const Header& header, std::uint32_t epoch) {
  if (auto placed = check_place(header, epoch); !placed) return placed.error();
  if (!partial_) {
    if (auto sound = check_begin(header); !sound) return sound.error();
  } else {
    bool same = header.total == begun_.total && header.cost == begun_.cost &&
                header.sequence == begun_.sequence && header.closes == begun_.closes &&
                header.origin == begun_.origin;
    if (!same) return corrupt("a slice of another chunk than the one begun");
  }
  std::size_t raw = slice_at(offset_, header.total);
  if (header.lz4 && !spec_.compress) return corrupt("a compressed slice on a channel without compression");
  if (header.lz4 ? header.slice >= raw : header.slice != raw) return corrupt("a slice of the wrong length");
  if (header.last != (offset_ + raw == header.total)) return corrupt("a chunk of another length than announced");
  return place(header);
}

Result<std::byte*> InChannel::place(const Header& header) {
  if (!partial_) {
    block_ = pool_->allocate(header.cost - sizeof(Block), 0);
    partial_ = Chunk(block_);
    block_->used = header.total;
    block_->type = spec_.type;
    begun_ = header;
    offset_ = 0;
  }
  if (!header.lz4) return block_->payload() + offset_;
  if (packed_.empty()) packed_.resize(kSlice);
  return packed_.data();
}

Result<InChannel::Arrived> InChannel::finish(const Header& header) {
  std::size_t raw = slice_at(offset_, header.total);
  if (header.lz4) {
    int got = LZ4_decompress_safe(reinterpret_cast<const char*>(packed_.data()),
                                  reinterpret_cast<char*>(block_->payload() + offset_),
                                  static_cast<int>(header.slice), static_cast<int>(raw));
    if (got != static_cast<int>(raw)) return corrupt("a compressed slice that does not unpack to its length");
  }
  offset_ += raw;
  if (offset_ < header.total) return Arrived{};
  Chunk whole = std::move(partial_);
  offset_ = 0;
  if (auto sound = validate(whole); !sound) return sound.error();
  return take(header, std::move(whole));
}

Result<InChannel::Arrived> InChannel::mark(const Header& header, std::uint32_t epoch) {
  if (auto placed = check_place(header, epoch); !placed) return placed.error();
  if (partial_) return corrupt("a mark inside a chunk");
  return take(header, {});
}

Result<InChannel::Arrived> InChannel::take(const Header& header, Chunk chunk) {
  Frame frame;
  frame.kind = kind_of(header.kind);
  frame.closes = header.closes;
  frame.ending = header.interrupted ? Ending::interrupted : Ending::complete;
  frame.epoch = header.epoch;
  frame.sequence = header.sequence;
  frame.since = std::chrono::steady_clock::now();
  frame.trace = trace_of(header.origin);
  frame.chunk = std::move(chunk);
  Arrived arrived{header.kind == FrameKind::data, false};
  std::lock_guard lock(mutex_);
  if (!credit_.receive(frame.cost())) return corrupt("data without credit");
  spec_.meter->received.set(credit_.consumed() + credit_.outstanding());
  if (header.kind == FrameKind::barrier && !abandoned_ && ++barriers_ > kBarriers) {
    return corrupt("more barriers than are ever outstanding");
  }
  ++position_;
  ended_ = header.kind == FrameKind::end;
  if (abandoned_) return Arrived{};
  queue_.push_back(std::move(frame));
  arrived.wake = std::exchange(waits_, false);
  return arrived;
}

void InChannel::forget_partial() {
  partial_ = {};
  offset_ = 0;
}

}  // namespace leat::wire
