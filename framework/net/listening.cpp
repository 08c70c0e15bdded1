#include <leat/net/listening.hpp>

#include <algorithm>

namespace leat {
namespace {

// The system had no descriptor left for a connection, or nobody was to be taken.
constexpr std::chrono::milliseconds kTryAgain{100};

}  // namespace

Result<Endpoint> listen(asio::ip::tcp::acceptor& acceptor, const Endpoint& at) {
  using asio::ip::tcp;
  boost::system::error_code bad;
  tcp::resolver resolver(acceptor.get_executor());
  auto found = resolver.resolve(at.host, std::to_string(at.port), tcp::resolver::passive, bad);
  if (bad) return failed("cannot listen on " + to_string(at) + ": " + bad.message());
  tcp::endpoint address = *found.begin();
  acceptor.open(address.protocol(), bad);
  if (!bad) acceptor.set_option(tcp::acceptor::reuse_address(true), bad);
  if (!bad) acceptor.bind(address, bad);
  if (!bad) acceptor.listen(tcp::acceptor::max_listen_connections, bad);
  if (bad) return failed("cannot listen on " + to_string(at) + ": " + bad.message());
  return Endpoint{at.host, acceptor.local_endpoint().port()};
}

Listening::Listening(asio::io_context& io, std::shared_ptr<LimitedLog> log, Take take, Wait wait)
    : acceptor_(io), again_(io), log_(std::move(log)), take_(std::move(take)), wait_(std::move(wait)) {}

Result<Endpoint> Listening::open(const Endpoint& at) { return listen(acceptor_, at); }

void Listening::start() {
  if (!acceptor_.is_open()) return;
  auto wait = wait_ ? wait_() : std::chrono::steady_clock::duration::zero();
  if (wait > wait.zero()) return start_in(std::min<std::chrono::steady_clock::duration>(wait, kTryAgain));
  acceptor_.async_accept([self = shared_from_this()](boost::system::error_code error, asio::ip::tcp::socket socket) {
    if (!self->acceptor_.is_open()) return;
    if (!error) {
      self->take_(std::move(socket));
      return self->start();
    }
    self->log_->warning("connection not accepted", "", error.message());
    self->start_in(kTryAgain);
  });
}

void Listening::start_in(std::chrono::steady_clock::duration time) {
  again_.expires_after(time);
  again_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (!cancelled) self->start();
  });
}

void Listening::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  again_.cancel();
  log_->close();
}

}  // namespace leat
