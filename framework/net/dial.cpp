#include <leat/net/dial.hpp>

#include <algorithm>

namespace leat::wire {

using boost::system::error_code;

namespace {

constexpr std::chrono::seconds kConnect{1};

}  // namespace

Dial::Dial(std::shared_ptr<JobContext> job, std::uint32_t peer, std::uint32_t channels)
    : job_(std::move(job)),
      peer_(peer),
      channels_(channels),
      deadline_(job_->plane.reactor->io()),
      resolver_(job_->plane.reactor->io()),
      socket_(job_->plane.reactor->io()) {}

void Dial::start(Clock::duration within, Then then) {
  then_ = std::move(then);
  until_ = Clock::now() + within;
  expect_by(until_);
  resolve();
}

void Dial::expect_by(Clock::time_point when) {
  deadline_.expires_at(when);
  deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->deadline_.expiry() <= Clock::now()) self->fail("no answer in time");
  });
}

void Dial::resolve() {
  const Endpoint peer = job_->node(peer_);
  if (!job_->plane.tls && !is_loopback(peer)) {
    return fail("it is not on loopback, where data goes by TLS only: give this node a certificate");
  }
  error_code not_numeric;
  auto address = asio::ip::make_address(peer.host, not_numeric);
  if (!not_numeric) {
    asio::ip::tcp::endpoint where(address, peer.port);
    return connect(asio::ip::tcp::resolver::results_type::create(where, "", ""));
  }
  resolver_.async_resolve(peer.host, std::to_string(peer.port),
                          [self = shared_from_this()](error_code error, const auto& found) {
                            if (self->over()) return;
                            if (error) return self->fail(error.message());
                            self->connect(found);
                          });
}

void Dial::connect(const asio::ip::tcp::resolver::results_type& where) {
  expect_by(std::min<Clock::time_point>(until_, Clock::now() + kConnect));
  asio::async_connect(socket_, where, [self = shared_from_this()](error_code error, const auto&) {
    if (self->over()) return;
    if (error) return self->fail(words({IoResult::State::failed, 0, error}));
    self->expect_by(self->until_);
    self->handshake();
  });
}

void Dial::handshake() {
  prepare(socket_);
  const auto& tls = job_->plane.tls;
  handshake_ = std::make_shared<Handshake>(tls ? tls->stream(std::move(socket_), Side::client)
                                               : plain_stream(std::move(socket_)));
  handshake_->call([self = shared_from_this()](Result<void> done) {
    if (!done) return self->fail(done.error().sentence);
    const JobWiring& wiring = self->job_->wiring;
    auto said = self->handshake_->write(
        encode(Hello{wiring.job, wiring.epoch, wiring.me, self->peer_, self->channels_, wiring.token}));
    if (!said) return self->fail(said.error().sentence);
    self->read_welcome();
  });
}

void Dial::read_welcome() {
  handshake_->read(welcome_, [self = shared_from_this()](Result<void> done) {
    if (!done) return self->fail("no welcome: " + done.error().sentence);
    auto channels = decode_welcome(self->welcome_);
    if (!channels) return self->fail(channels.error().sentence);
    if (*channels != self->channels_) {
      return self->fail("it has " + std::to_string(*channels) + " of the " + std::to_string(self->channels_) +
                        " channels to it");
    }
    self->finish(self->handshake_->release());
  });
}

void Dial::fail(const std::string& why) { finish(Error{ErrorKind::disconnected, why}); }

void Dial::finish(Result<std::unique_ptr<ByteStream>> how) {
  auto then = std::exchange(then_, nullptr);
  if (!then) return;
  cancel();
  then(std::move(how));
}

void Dial::cancel() {
  then_ = nullptr;
  deadline_.cancel();
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  if (handshake_) std::exchange(handshake_, nullptr)->cancel();
}

}  // namespace leat::wire
