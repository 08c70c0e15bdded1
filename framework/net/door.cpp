#include <leat/net/door.hpp>

#include <algorithm>

namespace leat::wire {

using boost::system::error_code;

Door::Door(Plane plane, std::size_t young, std::chrono::milliseconds young_stay)
    : plane_(std::move(plane)),
      log_(std::make_shared<LimitedLog>(plane_.reactor->io(), plane_.log)),
      listening_(std::make_shared<Listening>(
          plane_.reactor->io(), log_, [this](asio::ip::tcp::socket socket) { take(std::move(socket)); },
          [this] { return strangers_.wait(Clock::now()); })),
      strangers_(young, young_stay),
      waiting_(young, std::chrono::milliseconds(0)) {}

Result<Endpoint> Door::open(const Endpoint& where) {
  auto open = listening_->open(where);
  if (!open) return open;
  asio::post(plane_.reactor->io(), [listening = listening_] { listening->start(); });
  return open;
}

void Door::take(asio::ip::tcp::socket socket) {
  if (auto oldest = strangers_.in_the_way()) {
    refuse(oldest, "others came, and of those who have not said who they are it was the first");
  }
  prepare(socket);
  auto young = std::make_shared<Young>(plane_.reactor->io());
  young->peer = peer_of(socket);
  strangers_.add(young, Clock::now());
  young->greeting = std::make_shared<Greeting>(plane_.tls ? plane_.tls->stream(std::move(socket), Side::server)
                                                          : plain_stream(std::move(socket)));
  young->deadline.expires_after(plane_.handshake_within);
  young->deadline.async_wait([self = shared_from_this(), young](error_code cancelled) {
    if (cancelled) return;
    self->refuse(young, young->known ? "no job " + std::to_string(young->hello.job) + " epoch " +
                                           std::to_string(young->hello.epoch) + " here"
                                     : "no hello in time");
  });
  young->greeting->answer([self = shared_from_this(), young](Result<void> done) {
    if (!done) return self->refuse(young, done.error().sentence);
    if (self->plane_.tls) self->recognise(young);
    self->read_hello(young);
  });
}

// From here on strangers do not touch it: only others that have come as far take its place.
void Door::recognise(const YoungPtr& young) {
  strangers_.remove(young);
  if (auto oldest = waiting_.in_the_way()) refuse(oldest, "others wait for their jobs too, and it was the first");
  waiting_.add(young, Clock::now());
}

void Door::read_hello(const YoungPtr& young) {
  young->message.resize(kHelloPrefix);
  young->greeting->read(young->message, [self = shared_from_this(), young](Result<void> done) {
    if (!done) return self->refuse(young, "no hello: " + done.error().sentence);
    auto length = hello_length(std::span<const std::byte, kHelloPrefix>(young->message));
    if (!length) return self->refuse(young, length.error().sentence);
    self->read_rest(young, *length);
  });
}

void Door::read_rest(const YoungPtr& young, std::size_t length) {
  young->message.resize(length);
  young->greeting->read(std::span(young->message).subspan(kHelloPrefix),
                        [self = shared_from_this(), young](Result<void> done) {
                          if (!done) return self->refuse(young, "no hello: " + done.error().sentence);
                          auto hello = decode_hello(young->message);
                          if (!hello) return self->refuse(young, hello.error().sentence);
                          young->hello = *hello;
                          young->known = true;
                          if (!self->plane_.tls) self->recognise(young);
                          self->decide(young);
                        });
}

// A job or an epoch that is not here yet may come: until then the connection stays young.
void Door::decide(const YoungPtr& young) {
  const Hello& hello = young->hello;
  for (const auto& links : jobs_) {
    if (links->job() != hello.job) continue;
    if (!links->knows(hello.token)) return refuse(young, "wrong token for job " + std::to_string(hello.job));
    if (hello.epoch < links->epoch()) {
      return refuse(young, "epoch " + std::to_string(hello.epoch) + " is over, job " + std::to_string(hello.job) +
                               " is in epoch " + std::to_string(links->epoch()));
    }
    if (hello.epoch > links->epoch()) continue;
    if (auto admitted = links->admits(hello); !admitted) return refuse(young, admitted.error().sentence);
    auto stream = young->greeting->release();
    dismiss(young);
    return links->welcome(hello, std::move(stream));
  }
}

void Door::refuse(const YoungPtr& young, const std::string& why) {
  if (young->over) return;
  log_->warning("connection refused", young->peer, why);
  dismiss(young);
}

void Door::dismiss(const YoungPtr& young) {
  if (std::exchange(young->over, true)) return;
  young->deadline.cancel();
  std::exchange(young->greeting, nullptr)->cancel();
  strangers_.remove(young);
  waiting_.remove(young);
}

void Door::add(std::shared_ptr<Links> links) {
  // The newest epoch first: it is what an old one is compared with.
  auto later = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& other) { return other->epoch() <= links->epoch(); });
  jobs_.insert(later, std::move(links));
  for (const YoungPtr& young : waiting_.all()) {
    if (young->known && !young->over) decide(young);
  }
}

void Door::remove(const Links& links) {
  std::erase_if(jobs_, [&](const auto& other) { return other.get() == &links; });
}

void Door::close() {
  listening_->close();
  for (const auto& all : {strangers_.all(), waiting_.all()}) {
    for (const YoungPtr& young : all) dismiss(young);
  }
  for (const auto& links : std::exchange(jobs_, {})) links->close();
}

}  // namespace leat::wire
