#include <leat/net/handshake.hpp>

namespace leat::wire {

void Handshake::call(Then then) {
  then_ = std::move(then);
  step();
}

void Handshake::answer(Then then) {
  then_ = std::move(then);
  wait({IoResult::State::wants_read}, &Handshake::step);
}

void Handshake::read(std::span<std::byte> into, Then then) {
  left_ = into;
  then_ = std::move(then);
  read_some();
}

Result<void> Handshake::write(std::span<const std::byte> message) {
  iovec piece{const_cast<std::byte*>(message.data()), message.size()};
  IoResult moved = stream_->write(std::span(&piece, 1));
  if (moved.over()) return Error{ErrorKind::disconnected, words(moved)};
  if (moved.bytes < message.size()) return Error{ErrorKind::disconnected, "a connection that takes nothing"};
  return {};
}

void Handshake::step() {
  IoResult moved = stream_->handshake();
  if (moved.waits()) return wait(moved, &Handshake::step);
  if (moved.over()) return finish(Error{ErrorKind::disconnected, "TLS handshake: " + stream_->why(moved)});
  finish({});
}

void Handshake::read_some() {
  while (!left_.empty()) {
    iovec piece{left_.data(), left_.size()};
    IoResult moved = stream_->read(std::span(&piece, 1));
    if (moved.over()) return finish(Error{ErrorKind::disconnected, words(moved)});
    left_ = left_.subspan(moved.bytes);
    if (moved.waits() && !left_.empty()) return wait(moved, &Handshake::read_some);
  }
  finish({});
}

void Handshake::wait(const IoResult& moved, void (Handshake::*next)()) {
  auto what = moved.state == IoResult::State::wants_write ? asio::ip::tcp::socket::wait_write
                                                       : asio::ip::tcp::socket::wait_read;
  stream_->socket().async_wait(what, [self = shared_from_this(), next](const boost::system::error_code&) {
    if (self->then_) ((*self).*next)();
  });
}

void Handshake::finish(Result<void> how) {
  if (auto then = std::exchange(then_, nullptr)) then(std::move(how));
}

void Handshake::cancel() {
  then_ = nullptr;
  if (!stream_) return;
  stream_->shut();
  boost::system::error_code ignored;
  stream_->socket().cancel(ignored);
}

}  // namespace leat::wire
