#include <leat/net/listening.hpp>

namespace leat {

Result<Endpoint> listen(asio::ip::tcp::acceptor& acceptor, const Endpoint& at) {
  using asio::ip::tcp;
  boost::system::error_code bad;
  tcp::resolver resolver(acceptor.get_executor());
  auto found = resolver.resolve(at.host, std::to_string(at.port), tcp::resolver::passive, bad);
  if (bad) return failed("cannot listen on " + text(at) + ": " + bad.message());
  tcp::endpoint address = *found.begin();
  acceptor.open(address.protocol(), bad);
  if (!bad) acceptor.set_option(tcp::acceptor::reuse_address(true), bad);
  if (!bad) acceptor.bind(address, bad);
  if (!bad) acceptor.listen(tcp::acceptor::max_listen_connections, bad);
  if (bad) return failed("cannot listen on " + text(at) + ": " + bad.message());
  return Endpoint{at.host, acceptor.local_endpoint().port()};
}

}  // namespace leat
