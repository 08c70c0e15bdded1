#include <leat/net/inbound.hpp>

#include <leat/net/crc32c.hpp>
#include <leat/net/hello.hpp>

namespace leat::wire {
namespace {

constexpr std::size_t kStaging = 64 * 1024;
// How long credit that is in no hurry may wait for company.
constexpr std::chrono::milliseconds kTidy{2};

class RemoteReceiver final : public Receiver {
 public:
  RemoteReceiver(std::shared_ptr<Inbound> inbound, std::shared_ptr<InChannel> channel, Inbound::Lane& lane)
      : Receiver(channel->spec().meter), inbound_(std::move(inbound)), channel_(std::move(channel)), lane_(lane) {}
  ~RemoteReceiver() override { channel_->abandon(); }

  std::size_t receive(std::vector<Frame>& into, std::size_t most) override {
    return channel_->receive(into, most);
  }
  void consumed(Amount amount, bool idle) override { inbound_->consumed(lane_, amount, idle); }

 private:
  std::shared_ptr<Inbound> inbound_;
  std::shared_ptr<InChannel> channel_;
  Inbound::Lane& lane_;
};

}  // namespace

Inbound::Inbound(std::shared_ptr<JobContext> job, std::uint32_t peer, Lost lost)
    : job_(std::move(job)),
      peer_(peer),
      tally_(job_->counters(peer)),
      lost_(std::move(lost)),
      reader_(*this, kStaging),
      backoff_(job_->wiring.reconnect_within),
      back_(job_->plane.reactor->io()),
      tidy_(job_->plane.reactor->io()) {}

std::unique_ptr<Receiver> Inbound::receiver(const ChannelSpec& spec, std::shared_ptr<Pool> pool, Wake wake) {
  auto channel = std::make_shared<InChannel>(spec, std::move(pool), std::move(wake));
  std::shared_ptr<Connection> connection;
  Lane* lane = nullptr;
  {
    std::lock_guard lock(mutex_);
    lane = &channels_.emplace_back(Lane{channel});
    connection = connection_;
    if (connection) due_locked(*lane);
  }
  by_id_[spec.id] = lane;
  if (connection) connection->pump();
  return std::make_unique<RemoteReceiver>(shared_from_this(), channel, *lane);
}

void Inbound::consumed(Lane& lane, Amount amount, bool idle) {
  auto announce = lane.channel->consumed(amount, idle);
  if (announce == InChannel::Announce::nothing) return;
  std::shared_ptr<Connection> connection;
  {
    std::lock_guard lock(mutex_);
    if (!connection_) return;
    // Only while somebody will look after it.
    if (announce == InChannel::Announce::later && tidying_) {
      if (!std::exchange(lane.later, true)) later_.push_back(&lane);
      return;
    }
    due_locked(lane);
    connection = connection_;
  }
  connection->pump();
}

void Inbound::due_locked(Lane& lane) {
  if (!std::exchange(lane.due, true)) due_.push_back(&lane);
}

void Inbound::fill(const Connection& connection, Batch& batch, bool sign) {
  std::lock_guard lock(mutex_);
  if (connection_.get() != &connection) return;
  std::size_t count = 0;
  for (; count < due_.size() && !batch.full(); ++count) {
    Lane& lane = *due_[count];
    lane.due = false;
    batch.add(lane.channel->credit(job_->wiring.epoch));
  }
  due_.erase(due_.begin(), due_.begin() + static_cast<std::ptrdiff_t>(count));
  if (sign && batch.empty()) {
    batch.add(Header{.kind = FrameKind::sign});
    ++count;
  }
  TrafficCounters::add(tally_.bytes_out, count * kHeader);
}

Result<void> Inbound::arrived(std::size_t bytes) {
  TrafficCounters::add(tally_.bytes_in, bytes);
  active_ = true;
  return reader_.arrived(bytes);
}

Result<void> Inbound::refuse(const Error& error, const Header& header) const {
  auto found = by_id_.find(header.channel);
  std::string name = found == by_id_.end() ? "" : " (" + found->second->channel->spec().name + ")";
  return corrupt(error.sentence + ", channel " + std::to_string(header.channel) + name);
}

Result<std::byte*> Inbound::begin(const Header& header) {
  if (header.kind == FrameKind::sign) return nullptr;
  auto found = by_id_.find(header.channel);
  if (header.kind == FrameKind::credit || found == by_id_.end()) {
    const char* why = header.kind == FrameKind::credit ? "credit on a connection that carries it the other way"
                                                  : "a frame for a channel that is not here";
    return refuse(corrupt(why), header).error();
  }
  current_ = found->second;
  if (header.kind != FrameKind::data) return nullptr;
  auto place = current_->channel->begin(header, job_->wiring.epoch);
  if (!place) return refuse(place.error(), header).error();
  payload_ = *place;
  return payload_;
}

Result<void> Inbound::finish(const Header& header) {
  if (header.kind == FrameKind::sign) {
    backoff_.heard(Clock::now());
    return {};
  }
  InChannel& channel = *current_->channel;
  if (checked_ && header.kind == FrameKind::data && crc32c({payload_, header.slice}) != header.payload_crc) {
    return refuse(corrupt("a payload with a wrong checksum"), header);
  }
  auto taken = header.kind == FrameKind::data ? channel.finish(header) : channel.mark(header, job_->wiring.epoch);
  if (!taken) return refuse(taken.error(), header);
  if (taken->chunk) TrafficCounters::add(tally_.chunks_in, 1);
  if (taken->wake) to_wake_.push_back(&channel);
  // Part of a chunk comes again when the connection breaks: that alone would never end.
  if (taken->chunk || header.kind != FrameKind::data) backoff_.moved();
  // The sender need not keep its last frames.
  if (header.kind == FrameKind::end) {
    std::lock_guard lock(mutex_);
    due_locked(*current_);
    pump_ = true;
  }
  return {};
}

void Inbound::settled() {
  arm_tidy();
  if (std::exchange(pump_, false)) pump();
  for (InChannel* channel : to_wake_) channel->wake();
  to_wake_.clear();
}

void Inbound::pump() {
  std::unique_lock lock(mutex_);
  auto connection = connection_;
  lock.unlock();
  if (connection) connection->pump();
}

void Inbound::arm_tidy() {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || std::exchange(tidying_, true)) return;
  }
  tidy_.expires_after(kTidy);
  tidy_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->tidy(); });
}

void Inbound::tidy() {
  bool any = false;
  {
    std::lock_guard lock(mutex_);
    tidying_ = false;
    for (Lane* lane : later_) {
      lane->later = false;
      due_locked(*lane);
    }
    any = !later_.empty();
    later_.clear();
  }
  if (any) pump();
  if (std::exchange(active_, false) || any) arm_tidy();
}

void Inbound::start(Clock::time_point until) {
  first_ = first_channels();
  if (std::exchange(started_, true) || connection_) return;
  backoff_.first(until);
  expect_back(until, "it never connected");
}

void Inbound::hurry(Clock::time_point until) {
  if (!started_ || closed_) return;
  if (auto sooner = backoff_.hurry(until)) expect_back(*sooner, "it never connected");
}

void Inbound::expect_back(Clock::time_point until, const std::string& why) {
  back_.expires_at(until);
  back_.async_wait([self = shared_from_this(), why](const boost::system::error_code& cancelled) {
    if (cancelled || self->connection_ || self->closed_) return;
    self->lost_(self->peer_, {ErrorKind::disconnected, self->job_->peer(self->peer_) + " is gone: " + why +
                                                           "; see its log, then start the job again"});
  });
}

void Inbound::attach(std::unique_ptr<ByteStream> stream) {
  if (connection_) connection_->close();
  detach();
  back_.cancel();
  backoff_.connected(Clock::now());
  if (std::exchange(was_connected_, true)) TrafficCounters::add(tally_.reconnects, 1);
  checked_ = !stream->encrypted();
  auto connection = std::make_shared<Connection>(job_->plane.reactor, std::move(stream), shared_from_this(), job_->plane.beat);
  {
    std::lock_guard lock(mutex_);
    connection_ = connection;
    for (Lane& lane : channels_) due_locked(lane);
  }
  job_->plane.log.debug("peer connected", {{"peer", job_->peer(peer_)}, {"job", job_->number()}});
  connection->start(encode_welcome(first_channels()));
}

// The old connection's leavings go: partial chunks come again, credit is told anew.
void Inbound::detach() {
  std::shared_ptr<Connection> gone;
  {
    std::lock_guard lock(mutex_);
    gone = std::exchange(connection_, nullptr);
    for (Lane& lane : channels_) lane.due = lane.later = false;
    due_.clear();
    later_.clear();
  }
  reader_.reset();
  for (Lane& lane : channels_) lane.channel->forget_partial();
}

void Inbound::broken(const Error& error, bool refused) {
  detach();
  bool finished = true;
  for (Lane& lane : channels_) finished = finished && lane.channel->ended();
  std::vector<LogField> fields{{"peer", job_->peer(peer_)}, {"job", job_->number()}, {"reason", error.sentence}};
  if (refused) {
    job_->plane.log.warning("connection closed", fields);
  } else if (!finished) {
    job_->plane.log.info("connection lost", fields);
  }
  if (finished) {
    started_ = false;
  } else {
    expect_back(backoff_.broken(Clock::now()), error.sentence);
  }
}

void Inbound::close() {
  std::shared_ptr<Connection> connection;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    connection = connection_;
  }
  back_.cancel();
  tidy_.cancel();
  detach();
  for (Lane& lane : channels_) lane.channel->abandon();
  if (connection) connection->close();
}

}  // namespace leat::wire
