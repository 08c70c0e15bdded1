#include <leat/net/outbound.hpp>

namespace leat::wire {
namespace {

constexpr std::size_t kCredits = 64 * kHeader;  // read at once, at most

class RemoteSender final : public Sender {
 public:
  RemoteSender(std::shared_ptr<Outbound> outbound, OutChannel& channel)
      : Sender(channel.spec.meter), outbound_(std::move(outbound)), channel_(channel) {}

  std::size_t send(std::span<Frame> frames) override { return outbound_->send(channel_, frames); }
  Amount outstanding() const override { return outbound_->outstanding(channel_); }

 private:
  std::shared_ptr<Outbound> outbound_;
  OutChannel& channel_;
};

Header header_of(const OutChannel& channel, const Frame& frame, std::uint32_t epoch) {
  Header header;
  switch (frame.kind) {
    case Frame::Kind::data: header.kind = FrameKind::data; break;
    case Frame::Kind::done: header.kind = FrameKind::done; break;
    case Frame::Kind::barrier: header.kind = FrameKind::barrier; break;
    case Frame::Kind::end: header.kind = FrameKind::end; break;
  }
  header.interrupted = frame.kind == Frame::Kind::end && frame.ending == Ending::interrupted;
  header.channel = channel.spec.id;
  header.epoch = epoch;
  header.sequence = frame.sequence;
  header.position = channel.next;
  return header;
}

}  // namespace

Outbound::Outbound(std::shared_ptr<JobContext> job, std::uint32_t peer, Lost lost)
    : job_(std::move(job)),
      peer_(peer),
      tally_(job_->counters(peer)),
      lost_(std::move(lost)),
      reader_(*this, kCredits),
      backoff_(job_->wiring.reconnect_within),
      again_(job_->plane.reactor->io()) {}

std::unique_ptr<Sender> Outbound::sender(const ChannelSpec& spec, Wake wake) {
  std::lock_guard lock(mutex_);
  channels_.push_back(std::make_unique<OutChannel>(spec, std::move(wake)));
  by_id_[spec.id] = channels_.back().get();
  return std::make_unique<RemoteSender>(shared_from_this(), *channels_.back());
}

std::size_t Outbound::send(OutChannel& channel, std::span<Frame> frames) {
  std::size_t sent = 0;
  std::shared_ptr<Connection> connection;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return 0;
    for (; sent < frames.size(); ++sent) {
      Amount cost = frames[sent].cost();
      if (!channel.credit.allows(cost)) break;
      channel.credit.charge(cost);
      channel.ended = channel.ended || frames[sent].kind == Frame::Kind::end;
      channel.frames.push_back(std::move(frames[sent]));
    }
    channel.spec.meter->sent.set(channel.credit.sent());
    channel.waits = sent < frames.size();
    if (sent > 0 && channel.resumed) {
      queue_locked(channel);
      connection = connection_;
    }
  }
  if (connection) connection->pump();
  return sent;
}

// What is consumed is the limit without the window.
Amount Outbound::outstanding(const OutChannel& channel) const {
  std::lock_guard lock(mutex_);
  return channel.credit.sent() + channel.spec.window - channel.credit.limit();
}

void Outbound::queue_locked(OutChannel& channel) {
  if (channel.next == channel.end() || std::exchange(channel.queued, true)) return;
  turns_.push_back(&channel);
}

void Outbound::fill(const Connection& connection, Batch& batch, bool sign) {
  std::lock_guard lock(mutex_);
  if (connection_.get() != &connection) return;
  while (!batch.full() && !turns_.empty()) {
    OutChannel& channel = *turns_.front();
    turns_.pop_front();
    channel.queued = false;
    add_locked(channel, batch);
    queue_locked(channel);
  }
  if (!sign || !batch.empty()) return;
  batch.add(Header{.kind = FrameKind::sign});
  TrafficCounters::add(tally_.bytes_out, kHeader);
}

void Outbound::add_locked(OutChannel& channel, Batch& batch) {
  const Frame& frame = channel.frames[channel.next - channel.first];
  Header header = header_of(channel, frame, job_->wiring.epoch);
  std::size_t raw = 0;
  bool whole = true;
  if (frame.kind == Frame::Kind::data) {
    raw = slice_at(channel.offset, frame.chunk.bytes());
    header.closes = frame.closes;
    header.total = static_cast<std::uint32_t>(frame.chunk.bytes());
    header.cost = static_cast<std::uint32_t>(frame.chunk.footprint());
    header.origin = origin_of(frame.trace);
    whole = header.last = channel.offset + raw == frame.chunk.bytes();
    batch.add(header, frame.chunk, channel.offset, channel.spec.compress);
  } else {
    batch.add(header);
  }
  TrafficCounters::add(tally_.bytes_out, kHeader + raw);
  channel.offset += raw;
  if (!whole) return;
  channel.offset = 0;
  if (++channel.next <= channel.written) return;
  channel.written = channel.next;
  if (frame.kind == Frame::Kind::data) TrafficCounters::add(tally_.chunks_out, 1);
}

Result<void> Outbound::arrived(std::size_t bytes) {
  TrafficCounters::add(tally_.bytes_in, bytes);
  return reader_.arrived(bytes);
}

Result<std::byte*> Outbound::begin(const Header& header) {
  if (header.kind != FrameKind::credit && header.kind != FrameKind::sign) {
    return corrupt("data on a connection that carries it the other way");
  }
  return nullptr;
}

Result<void> Outbound::finish(const Header& header) {
  if (header.kind == FrameKind::sign) {
    backoff_.heard(Clock::now());
    return {};
  }
  std::lock_guard lock(mutex_);
  return credit_locked(header);
}

Result<void> Outbound::credit_locked(const Header& header) {
  auto found = by_id_.find(header.channel);
  auto refuse = [&](const char* why) {
    return corrupt(why + (", channel " + std::to_string(header.channel)));
  };
  if (found == by_id_.end()) return refuse("credit for a channel that is not here");
  OutChannel& channel = *found->second;
  if (header.epoch != job_->wiring.epoch) return refuse("credit of another epoch");
  Amount limit{header.sequence, header.chunks};
  if (!limit.within(channel.credit.sent() + channel.spec.window)) return refuse("more credit than there can be");
  if (header.position > (channel.resumed ? channel.next : channel.end())) {
    return refuse("a receipt for frames that were not sent");
  }
  if (header.position < channel.first && !channel.resumed) return refuse("a receipt taken back");
  if (header.position > channel.first) backoff_.moved();
  for (; channel.first < header.position; ++channel.first) {
    received_.push_back(std::move(channel.frames.front()));
    channel.frames.pop_front();
  }
  Amount before = channel.credit.limit();
  channel.credit.announced(limit);
  channel.spec.meter->limit.set(channel.credit.limit());
  if (channel.credit.limit() != before && std::exchange(channel.waits, false)) credited_.push_back(&channel);
  if (!std::exchange(channel.resumed, true)) {
    channel.next = channel.first;
    channel.offset = 0;
    queue_locked(channel);
    pump_ = true;
  }
  return {};
}

void Outbound::settled() {
  bool received = !received_.empty();
  received_.clear();
  if (std::exchange(pump_, false)) {
    std::unique_lock lock(mutex_);
    auto connection = connection_;
    lock.unlock();
    if (connection) connection->pump();
  }
  for (OutChannel* channel : credited_) channel->wake();
  credited_.clear();
  // Which may set another one, or none.
  if (auto call = received ? job_->received : nullptr) call();
}

// Nothing is left to be said to the peer: it may go.
bool Outbound::finished_locked() const {
  for (const auto& channel : channels_) {
    if (!channel->ended || !channel->frames.empty()) return false;
  }
  return true;
}

bool Outbound::all_received() const {
  std::lock_guard lock(mutex_);
  return finished_locked();
}

void Outbound::start(Clock::time_point until) {
  if (std::exchange(started_, true)) return;
  if (first_ == 0) first_ = static_cast<std::uint32_t>(channels_.size());
  backoff_.first(until);
  dial();
}

void Outbound::hurry(Clock::time_point until) {
  if (!started_ || !backoff_.hurry(until) || !dial_) return;
  // It was given longer.
  std::exchange(dial_, nullptr)->cancel();
  dial();
}

void Outbound::dial() {
  if (closed_) return;
  auto within = backoff_.try_for(Clock::now(), job_->plane.handshake_within);
  dial_ = std::make_shared<Dial>(job_, peer_, first_);
  dial_->start(within, [self = shared_from_this()](Result<std::unique_ptr<ByteStream>> how) {
    self->dial_.reset();
    if (!how) return self->retry(how.error().sentence);
    self->attach(std::move(how).value());
  });
}

void Outbound::attach(std::unique_ptr<ByteStream> stream) {
  reader_.reset();
  backoff_.connected(Clock::now());
  if (std::exchange(was_connected_, true)) TrafficCounters::add(tally_.reconnects, 1);
  auto connection = std::make_shared<Connection>(job_->plane.reactor, std::move(stream), shared_from_this(), job_->plane.beat);
  {
    std::lock_guard lock(mutex_);
    connection_ = connection;
  }
  job_->plane.log.debug("connected", {{"peer", job_->peer(peer_)}, {"job", job_->number()}});
  connection->start({});
}

void Outbound::detach_locked() {
  connection_.reset();
  turns_.clear();
  for (const auto& channel : channels_) channel->resumed = channel->queued = false;
}

void Outbound::broken(const Error& error, bool refused) {
  std::shared_ptr<Connection> gone;
  bool finished = false;
  {
    std::lock_guard lock(mutex_);
    gone = connection_;
    detach_locked();
    finished = finished_locked();
  }
  std::vector<LogField> fields{{"peer", job_->peer(peer_)}, {"job", job_->number()}, {"reason", error.sentence}};
  if (refused) {
    job_->plane.log.warning("connection closed", fields);
  } else if (!finished) {
    job_->plane.log.info("connection lost", fields);
  }
  if (finished) {
    started_ = false;
    return;
  }
  backoff_.broken(Clock::now());
  retry(error.sentence);
}

void Outbound::retry(const std::string& why) {
  auto pause = backoff_.pause(Clock::now());
  if (!pause) return give_up(why);
  again_.expires_after(*pause);
  again_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->dial();
  });
}

void Outbound::give_up(const std::string& why) {
  lost_(peer_, {ErrorKind::disconnected, job_->peer(peer_) + " cannot be reached: " + why +
                                             "; see its log, then start the job again"});
}

void Outbound::close() {
  std::shared_ptr<Connection> connection;
  std::vector<std::deque<Frame>> dropped;
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    connection = connection_;
    detach_locked();
    for (const auto& channel : channels_) dropped.push_back(std::exchange(channel->frames, {}));
  }
  again_.cancel();
  if (dial_) std::exchange(dial_, nullptr)->cancel();
  if (connection) connection->close();
}

}  // namespace leat::wire
