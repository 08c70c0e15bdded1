#include <leat/net/data_listener.hpp>

#include <algorithm>

namespace leat::wire {

using boost::system::error_code;

DataListener::DataListener(Plane plane, std::size_t pending, std::chrono::milliseconds pending_stay)
    : plane_(std::move(plane)),
      log_(std::make_shared<LimitedLog>(plane_.reactor->io(), plane_.log)),
      listening_(std::make_shared<Listening>(
          plane_.reactor->io(), log_, [this](asio::ip::tcp::socket socket) { take(std::move(socket)); },
          [this] { return strangers_.wait(Clock::now()); })),
      strangers_(pending, pending_stay),
      waiting_(pending, std::chrono::milliseconds(0)) {}

Result<Endpoint> DataListener::open(const Endpoint& where) {
  auto open = listening_->open(where);
  if (!open) return open;
  asio::post(plane_.reactor->io(), [listening = listening_] { listening->start(); });
  return open;
}

void DataListener::take(asio::ip::tcp::socket socket) {
  if (auto oldest = strangers_.in_the_way()) {
    refuse(oldest, "others came, and of those who have not said who they are it was the first");
  }
  prepare(socket);
  auto pending = std::make_shared<Pending>(plane_.reactor->io());
  pending->peer = peer_of(socket);
  strangers_.add(pending, Clock::now());
  pending->handshake = std::make_shared<Handshake>(plane_.tls ? plane_.tls->stream(std::move(socket), Side::server)
                                                              : plain_stream(std::move(socket)));
  pending->deadline.expires_after(plane_.handshake_within);
  pending->deadline.async_wait([self = shared_from_this(), pending](error_code cancelled) {
    if (cancelled) return;
    self->refuse(pending, pending->known ? "no job " + std::to_string(pending->hello.job) + " epoch " +
                                           std::to_string(pending->hello.epoch) + " here"
                                     : "no hello in time");
  });
  pending->handshake->answer([self = shared_from_this(), pending](Result<void> done) {
    if (!done) return self->refuse(pending, done.error().sentence);
    if (self->plane_.tls) self->recognise(pending);
    self->read_hello(pending);
  });
}

// From here on strangers do not touch it: only others that have come as far take its place.
void DataListener::recognise(const PendingPtr& pending) {
  strangers_.remove(pending);
  if (auto oldest = waiting_.in_the_way()) refuse(oldest, "others wait for their jobs too, and it was the first");
  waiting_.add(pending, Clock::now());
}

void DataListener::read_hello(const PendingPtr& pending) {
  pending->message.resize(kHelloPrefix);
  pending->handshake->read(pending->message, [self = shared_from_this(), pending](Result<void> done) {
    if (!done) return self->refuse(pending, "no hello: " + done.error().sentence);
    auto length = hello_length(std::span<const std::byte, kHelloPrefix>(pending->message));
    if (!length) return self->refuse(pending, length.error().sentence);
    self->read_rest(pending, *length);
  });
}

void DataListener::read_rest(const PendingPtr& pending, std::size_t length) {
  pending->message.resize(length);
  pending->handshake->read(std::span(pending->message).subspan(kHelloPrefix),
                        [self = shared_from_this(), pending](Result<void> done) {
                          if (!done) return self->refuse(pending, "no hello: " + done.error().sentence);
                          auto hello = decode_hello(pending->message);
                          if (!hello) return self->refuse(pending, hello.error().sentence);
                          pending->hello = *hello;
                          pending->known = true;
                          if (!self->plane_.tls) self->recognise(pending);
                          self->decide(pending);
                        });
}

// A job or an epoch that is not here yet may come: until then the connection stays pending.
void DataListener::decide(const PendingPtr& pending) {
  const Hello& hello = pending->hello;
  for (const auto& links : jobs_) {
    if (links->job() != hello.job) continue;
    if (!links->knows(hello.token)) return refuse(pending, "wrong token for job " + std::to_string(hello.job));
    if (hello.epoch < links->epoch()) {
      return refuse(pending, "epoch " + std::to_string(hello.epoch) + " is over, job " + std::to_string(hello.job) +
                               " is in epoch " + std::to_string(links->epoch()));
    }
    if (hello.epoch > links->epoch()) continue;
    if (auto admitted = links->admits(hello); !admitted) return refuse(pending, admitted.error().sentence);
    auto stream = pending->handshake->release();
    dismiss(pending);
    return links->welcome(hello, std::move(stream));
  }
}

void DataListener::refuse(const PendingPtr& pending, const std::string& why) {
  if (pending->over) return;
  log_->warning("connection refused", pending->peer, why);
  dismiss(pending);
}

void DataListener::dismiss(const PendingPtr& pending) {
  if (std::exchange(pending->over, true)) return;
  pending->deadline.cancel();
  std::exchange(pending->handshake, nullptr)->cancel();
  strangers_.remove(pending);
  waiting_.remove(pending);
}

void DataListener::add(std::shared_ptr<Links> links) {
  // The newest epoch first: it is what an old one is compared with.
  auto later = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& other) { return other->epoch() <= links->epoch(); });
  jobs_.insert(later, std::move(links));
  for (const PendingPtr& pending : waiting_.all()) {
    if (pending->known && !pending->over) decide(pending);
  }
}

void DataListener::remove(const Links& links) {
  std::erase_if(jobs_, [&](const auto& other) { return other.get() == &links; });
}

void DataListener::close() {
  listening_->close();
  for (const auto& all : {strangers_.all(), waiting_.all()}) {
    for (const PendingPtr& pending : all) dismiss(pending);
  }
  for (const auto& links : std::exchange(jobs_, {})) links->close();
}

}  // namespace leat::wire
