#include <future>
#include <optional>

#include <sys/socket.h>

#include <leat/net/tls_context.hpp>

#include "net/made_certificates.hpp"

#include "raw_peer.hpp"
#include "stream_of_chunks.hpp"

using namespace leat;
using boost::system::error_code;
using tests::must;

namespace {

// Two nodes over TLS, with a job on them that is under way.
struct Running {
  Running() {
    must(make_authority(own / "ca"));
    good = must(make_node_certificate(own / "ca", "node"));
    nodes.emplace(good);
    links.emplace(*nodes, 1);
    sender = links->links[0]->sender(testing::bytes_channel(1, 1), up.wake());
    receiver = links->links[1]->receiver(testing::bytes_channel(1, 0), Pool::make(), down.wake());
    links->start();
  }
  // The job goes on to its end.
  void unharmed() {
    auto pool = Pool::make();
    std::thread upper([&] { testing::send_stream(*sender, up, 20, *pool); });
    auto got = testing::receive_stream(*receiver, down);
    upper.join();
    BOOST_TEST(got.chunks == 20u);
    BOOST_TEST(got.astray == 0u);
  }
  testing::LogLines& log() { return nodes->logs[1]; }
  Endpoint at() const { return nodes->planes[1]->endpoint(); }

  // Is closed on while shaking hands or at the first read; says nothing of the protocol.
  bool refuses(asio::ssl::context& context) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::make_address(at().host), at().port});
    timeval longest{20, 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    asio::ssl::stream<asio::ip::tcp::socket> stream(std::move(socket), context);
    error_code error;
    stream.handshake(asio::ssl::stream_base::client, error);
    char byte;
    if (!error) stream.read_some(asio::buffer(&byte, 1), error);
    return error && error != asio::error::would_block;
  }

  tests::Folder own;
  Credentials good;
  testing::WakeBell up, down;
  std::optional<testing::TwoNodes> nodes;
  std::optional<testing::BothLinks> links;
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Receiver> receiver;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_refusals)

BOOST_AUTO_TEST_CASE(strangers_are_refused_with_the_reason_and_harm_nobody) {
  Running running;
  must(make_authority(running.own / "other"));
  auto of_another = must(make_node_certificate(running.own / "other", "node"));
  of_another.authority = running.good.authority;  // it trusts us; we do not trust it
  asio::ssl::context nothing(asio::ssl::context::tls);
  auto stranger = must(mutual_tls(of_another));
  auto expired = must(mutual_tls(tests::expired_in(running.own / "ca")));
  auto old = must(mutual_tls(running.good));
  SSL_CTX_set_min_proto_version(old->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(old->native_handle(), TLS1_2_VERSION);
  std::size_t lines = 0;
  for (auto [context, reason] : std::vector<std::pair<asio::ssl::context*, std::string>>{
           {&nothing, "it shows no certificate"},
           {stranger.get(), "its certificate is refused"},
           {expired.get(), "has expired"},
           {old.get(), "it does not speak TLS 1.3"}}) {
    BOOST_TEST(running.refuses(*context), reason);
    BOOST_TEST(running.log().await("connection refused", ++lines));
    BOOST_TEST(running.log().count(reason) == 1u, reason << " is not in\n" << running.log().all());
  }
  running.unharmed();
  BOOST_TEST(running.log().count("connection refused") == lines);
}

BOOST_AUTO_TEST_CASE(nodes_with_a_chain_of_two_intermediates_reach_each_other) {
  tests::Folder own;
  testing::TwoNodes nodes(tests::rsa_chain_in(own / "company", 2));
  testing::BothLinks links(nodes, 1);
  testing::WakeBell up, down;
  auto sender = links.links[0]->sender(testing::bytes_channel(1, 1), up.wake());
  auto receiver = links.links[1]->receiver(testing::bytes_channel(1, 0), Pool::make(), down.wake());
  links.start();
  auto pool = Pool::make();
  std::thread upper([&] { testing::send_stream(*sender, up, 20, *pool); });
  BOOST_TEST(testing::receive_stream(*receiver, down).chunks == 20u);
  upper.join();
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_off_is_told_with_the_dates) {
  Running running;
  auto early = must(mutual_tls(tests::not_yet_in(running.own / "ca")));
  BOOST_TEST(running.refuses(*early));
  BOOST_TEST(running.log().await("certificate is not yet valid: it is not good before 20"), running.log().all());
  BOOST_TEST(running.log().count("and the clock of this machine says 20") == 1u);
}

BOOST_AUTO_TEST_CASE(plain_clients_are_refused_where_tls_is_spoken) {
  Running running;
  testing::RawPeer http(running.at());
  http.say("GET / HTTP/1.0\r\n\r\n");
  BOOST_TEST(http.closed());
  testing::RawPeer peer(running.at());
  peer.say(wire::encode(wire::Hello{1, 3, 0, 1, 1, running.nodes->wiring(1, 0).token}));
  BOOST_TEST(peer.closed());
  BOOST_TEST(running.log().await("it does not speak TLS"), running.log().all());
  running.unharmed();
}

BOOST_AUTO_TEST_CASE(a_good_certificate_is_not_enough_without_the_token) {
  Running running;
  std::promise<Error> lost;
  auto wiring = running.nodes->wiring(1, 0);
  wiring.token[0] = '?';
  wiring.reconnect_within = std::chrono::milliseconds(100);
  wiring.lost = [&](std::uint32_t, Error error) { lost.set_value(std::move(error)); };
  DataPlane::Options options;
  options.tls = running.good;
  options.handshake_within = std::chrono::milliseconds(100);
  auto third = testing::opened(std::move(options));
  auto links = third->links(std::move(wiring));
  auto sender = links->sender(testing::bytes_channel(1, 1), [] {});
  links->start();
  BOOST_TEST(running.log().await("wrong token for job 1"));
  auto future = lost.get_future();
  BOOST_TEST((future.wait_for(testing::kLongest) == std::future_status::ready));
  running.unharmed();
}

BOOST_AUTO_TEST_CASE(a_node_without_certificates_reaches_none_that_has_them) {
  Running running;
  std::promise<Error> lost;
  testing::TwoNodes plain({}, std::chrono::milliseconds(100));
  auto wiring = plain.wiring(1, 0, running.at());
  wiring.reconnect_within = std::chrono::milliseconds(100);
  wiring.lost = [&](std::uint32_t, Error error) { lost.set_value(std::move(error)); };
  auto links = plain.planes[0]->links(std::move(wiring));
  auto sender = links->sender(testing::bytes_channel(1, 1), [] {});
  links->start();
  auto future = lost.get_future();
  BOOST_REQUIRE((future.wait_for(testing::kLongest) == std::future_status::ready));
  BOOST_TEST(running.log().count("it does not speak TLS") > 0u);
  running.unharmed();
}

BOOST_AUTO_TEST_SUITE_END()
