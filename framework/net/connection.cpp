#include <leat/net/connection.hpp>

namespace leat::wire {
namespace {

// What one turn writes or reads at most before others get theirs, in bytes.
constexpr std::size_t kTurn = 2 * 1024 * 1024;

}  // namespace

Connection::Connection(std::shared_ptr<Reactor> reactor, std::unique_ptr<ByteStream> stream,
                       std::shared_ptr<Traffic> traffic, std::chrono::milliseconds beat)
    : reactor_(std::move(reactor)),
      stream_(std::move(stream)),
      encrypted_(stream_->encrypted()),
      traffic_(std::move(traffic)),
      beat_(beat),
      next_beat_(reactor_->io()),
      batch_(!encrypted_) {}

void Connection::start(std::span<const std::byte> first) {
  if (!first.empty()) batch_.add(first);
  pump();
  await_beat();
  // What TLS has read ahead of the handshake, no socket will tell of.
  asio::post(reactor_->io(), [self = shared_from_this()] { self->readable(); });
}

void Connection::pump() {
  if (pumped_.fetch_add(1, std::memory_order_acq_rel) == 0) drive();
}

// Has the writer's role, and gives it up once everybody who pumped has been looked after.
void Connection::drive() {
  std::uint64_t seen = pumped_.load(std::memory_order_acquire);
  while (true) {
    switch (write_some()) {
      case Wrote::all: {
        std::uint64_t before = pumped_.fetch_sub(seen, std::memory_order_acq_rel);
        if (before == seen) return;
        seen = before - seen;
        break;
      }
      case Wrote::blocked:
        return reactor_->post([self = shared_from_this()] { self->await_writable(); });
      case Wrote::enough: return reactor_->post([self = shared_from_this()] { self->drive(); });
      // The role is kept: nobody writes any more.
      case Wrote::failed:
        return reactor_->post([self = shared_from_this()] {
          self->fail({ErrorKind::disconnected, words(self->failed_)}, false);
        });
    }
  }
}

Connection::Wrote Connection::write_some() {
  for (std::size_t written = 0; written < kTurn;) {
    if (over_.load(std::memory_order_acquire)) return Wrote::failed;
    if (batch_.pieces().empty()) {
      traffic_->fill(*this, batch_, sign_due_.exchange(false, std::memory_order_relaxed));
      if (batch_.empty()) return Wrote::all;
      batch_.seal();
    }
    IoResult moved = stream_->write(batch_.pieces());
    if (moved.over()) {
      failed_ = moved;
      return Wrote::failed;
    }
    if (moved.bytes > 0) liveness_.wrote();
    batch_.wrote(moved.bytes);
    written += moved.bytes;
    if (moved.waits()) return Wrote::blocked;
  }
  return Wrote::enough;
}

void Connection::await_writable() {
  if (over_) return;
  stream_->socket().async_wait(asio::ip::tcp::socket::wait_write,
                               [self = shared_from_this()](const boost::system::error_code&) { self->drive(); });
}

void Connection::await_readable() {
  if (over_) return;
  stream_->socket().async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](
                                                                     const boost::system::error_code&) {
    self->readable();
  });
}

void Connection::readable() {
  for (std::size_t got = 0; got < kTurn && !over_;) {
    IoResult moved = stream_->read(traffic_->room());
    if (moved.over()) return fail({ErrorKind::disconnected, words(moved)}, false);
    got += moved.bytes;
    if (moved.bytes > 0) {
      liveness_.heard();
      auto sound = traffic_->arrived(moved.bytes);
      traffic_->settled();
      if (!sound) return fail(sound.error(), true);
    }
    if (moved.waits()) return await_readable();
  }
  // A whole turn: others go first. What TLS has read ahead, no socket will tell of.
  if (!over_) asio::post(reactor_->io(), [self = shared_from_this()] { self->readable(); });
}

void Connection::await_beat() {
  next_beat_.expires_after(beat_);
  next_beat_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled && !self->over_) self->beat();
  });
}

void Connection::beat() {
  switch (liveness_.beat()) {
    case Liveness::Due::end: {
      std::string silence = std::to_string((Liveness::kSilent * beat_).count());
      return fail({ErrorKind::disconnected, "nothing came from it for " + silence + " ms"}, false);
    }
    case Liveness::Due::sign:
      sign_due_.store(true, std::memory_order_relaxed);
      pump();
      break;
    case Liveness::Due::nothing: break;
  }
  await_beat();
}

void Connection::fail(const Error& error, bool refused) {
  if (over_.exchange(true)) return;
  end();
  traffic_->broken(error, refused);
}

void Connection::close() {
  if (!over_.exchange(true)) end();
}

void Connection::end() {
  stream_->shut();
  boost::system::error_code ignored;
  stream_->socket().cancel(ignored);
  next_beat_.cancel();
}

}  // namespace leat::wire
