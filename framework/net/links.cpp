#include <leat/net/links.hpp>

#include <algorithm>

namespace leat::wire {

Links::Links(Plane plane, JobWiring wiring) : job_(std::make_shared<JobContext>(std::move(plane), std::move(wiring))) {}

Lost Links::losing() {
  return [weak = weak_from_this()](std::uint32_t peer, Error error) {
    if (auto self = weak.lock()) self->lose(peer, std::move(error));
  };
}

std::unique_ptr<Sender> Links::sender(const ChannelSpec& spec, Wake wake) {
  auto& outbound = outbound_[spec.peer];
  if (!outbound) outbound = std::make_shared<Outbound>(job_, spec.peer, losing());
  return outbound->sender(spec, std::move(wake));
}

std::unique_ptr<Receiver> Links::receiver(const ChannelSpec& spec, std::shared_ptr<Pool> pool, Wake wake) {
  auto& inbound = inbound_[spec.peer];
  if (!inbound) inbound = std::make_shared<Inbound>(job_, spec.peer, losing());
  return inbound->receiver(spec, std::move(pool), std::move(wake));
}

// The first connection may take longer than a reconnection: peers build their graphs first.
void Links::start() {
  if (closed_) return;
  auto until = Clock::now() + std::max(job_->wiring.reconnect_within, 2 * job_->plane.handshake_within);
  for (auto& [peer, inbound] : inbound_) inbound->start(until);
  for (auto& [peer, outbound] : outbound_) outbound->start(until);
}

void Links::hurry() {
  if (closed_) return;
  auto until = Clock::now() + job_->wiring.reconnect_within;
  for (auto& [peer, inbound] : inbound_) inbound->hurry(until);
  for (auto& [peer, outbound] : outbound_) outbound->hurry(until);
}

void Links::close() {
  closed_ = true;
  job_->received = nullptr;
  for (auto& [peer, outbound] : outbound_) outbound->close();
  for (auto& [peer, inbound] : inbound_) inbound->close();
}

void Links::when_settled(std::function<void()> call) {
  when_settled_ = std::move(call);
  job_->received = [this] { look_whether_settled(); };
  look_whether_settled();
}

void Links::look_whether_settled() {
  if (!when_settled_ || closed_ || !settled()) return;
  job_->received = nullptr;
  std::exchange(when_settled_, nullptr)();
}

bool Links::settled() const {
  return std::all_of(outbound_.begin(), outbound_.end(), [](const auto& each) { return each.second->all_received(); });
}

Result<void> Links::admits(const Hello& hello) const {
  if (hello.to != job_->wiring.me) return corrupt("it means node " + std::to_string(hello.to) + ", this is another");
  auto found = inbound_.find(hello.from);
  if (found == inbound_.end()) return corrupt("no channel comes from node " + std::to_string(hello.from));
  if (found->second->first_channels() != hello.channels) {
    return corrupt("node " + std::to_string(hello.from) + " has " + std::to_string(hello.channels) +
                   " channels to this one, which has " + std::to_string(found->second->first_channels()));
  }
  return {};
}

void Links::welcome(const Hello& hello, std::unique_ptr<ByteStream> stream) {
  inbound_.at(hello.from)->attach(std::move(stream));
}

void Links::lose(std::uint32_t peer, Error error) {
  if (closed_ || !lost_.insert(peer).second) return;
  // Its owner may be destroyed by the call.
  auto lost = job_->wiring.lost;
  if (lost) lost(peer, std::move(error));
}

std::vector<PeerTraffic> Links::traffic() const {
  std::vector<PeerTraffic> out;
  for (std::uint32_t peer = 0; peer < job_->nodes(); ++peer) {
    const TrafficCounters& counters = job_->counters(peer);
    PeerTraffic traffic{peer, counters.bytes_out, counters.bytes_in, counters.chunks_out, counters.chunks_in, counters.reconnects};
    if (traffic.bytes_out + traffic.bytes_in > 0) out.push_back(traffic);
  }
  return out;
}

}  // namespace leat::wire
