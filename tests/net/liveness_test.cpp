// Ways that take all bytes and deliver none, for a while or for good; and peers that have nothing to say.
#include <future>

#include <leat/net/framing.hpp>

#include "fault_proxy.hpp"
#include "stream_of_chunks.hpp"

using namespace leat;
using testing::FaultProxy;
using Fault = FaultProxy::Fault;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kBeat{100};

// A stream from node 0 to node 1 by way of a proxy.
struct Way {
  Way(testing::TwoNodes& nodes, std::function<std::uint64_t(std::size_t)> after, Fault fault,
      milliseconds reconnect_within = std::chrono::seconds(20))
      : proxy(nodes.planes[1]->endpoint(), std::move(after), fault) {
    JobWiring wirings[2] = {nodes.wiring(1, 0, proxy.endpoint()), nodes.wiring(1, 1)};
    for (std::size_t me = 0; me < 2; ++me) {
      wirings[me].reconnect_within = reconnect_within;
      // A second call throws.
      wirings[me].lost = [this, me](std::uint32_t, Error error) { lost[me].set_value(std::move(error)); };
    }
    links = std::make_unique<testing::BothLinks>(nodes, std::move(wirings[0]), std::move(wirings[1]));
    sender = links->links[0]->sender(testing::bytes_channel(1, 1), up.wake());
    receiver = links->links[1]->receiver(testing::bytes_channel(1, 0), Pool::make(), down.wake());
    links->start();
  }
  void arrives(std::uint64_t chunks) {
    auto pool = Pool::make();
    std::thread upper([&] { testing::send_stream(*sender, up, chunks, *pool); });
    auto got = testing::receive_stream(*receiver, down);
    upper.join();
    BOOST_TEST(got.chunks == chunks);
    BOOST_TEST(got.astray == 0u);
  }
  PeerTraffic traffic(std::size_t node) const { return links->links[node]->traffic().at(0); }

  FaultProxy proxy;
  std::promise<Error> lost[2];
  testing::WakeBell up, down;
  std::unique_ptr<testing::BothLinks> links;
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Receiver> receiver;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(liveness)

BOOST_AUTO_TEST_CASE(a_way_that_swallows_is_left_and_what_it_swallowed_comes_again) {
  for (Fault fault : {Fault::swallow, Fault::swallow_down, Fault::swallow_up}) {
    BOOST_TEST_CONTEXT("fault " << static_cast<int>(fault)) {
      testing::TwoNodes nodes({}, std::chrono::seconds(5), kBeat);
      Way way(nodes, [](std::size_t number) { return number < 2 ? 700'001 + 600'000 * number : 0; }, fault);
      way.arrives(40);
      // Where only what goes up is swallowed, chunks go on down until credit ends: that may be all of them.
      BOOST_TEST(way.traffic(0).reconnects >= (fault == Fault::swallow_up ? 1u : 2u));
      BOOST_TEST(nodes.logs[0].count("warning") + nodes.logs[1].count("warning") == 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(over_tls_too) {
  testing::Certificates certificates;
  testing::TwoNodes nodes(certificates.credentials(), std::chrono::seconds(5), kBeat);
  Way way(nodes, [](std::size_t number) { return number < 1 ? 700'001 : 0; }, Fault::swallow);
  way.arrives(40);
  BOOST_TEST(way.traffic(0).reconnects >= 1u);
}

BOOST_AUTO_TEST_CASE(a_way_that_swallows_all_after_the_handshake_loses_the_peer_at_both_ends) {
  // Each connection is made, and is of no use: 72 bytes of HELLO go down, and a part of the first chunk.
  for (std::uint64_t after : {100, 300'000}) {
    testing::TwoNodes nodes({}, std::chrono::seconds(5), kBeat);
    Way way(nodes, [after](std::size_t) { return after; }, Fault::swallow, milliseconds(900));
    auto pool = Pool::make();
    Frame frame;
    frame.chunk = testing::numbered_chunk(*pool, 0, 1 << 20);
    BOOST_REQUIRE(way.sender->send(std::span(&frame, 1)) == 1u);
    for (std::size_t me : {0u, 1u}) {
      auto future = way.lost[me].get_future();
      BOOST_REQUIRE((future.wait_for(testing::kLongest) == std::future_status::ready));
      auto error = future.get();
      BOOST_TEST((error.kind == ErrorKind::disconnected));
      Endpoint named = me == 0 ? way.proxy.endpoint() : nodes.planes[0]->endpoint();
      BOOST_TEST(error.sentence.find(to_string(named)) != std::string::npos, error.sentence);
    }
    std::string silence = "nothing came from it for 400 ms";
    BOOST_TEST(nodes.logs[0].count(silence) + nodes.logs[1].count(silence) >= 1u, nodes.logs[0].all());
  }
}

BOOST_AUTO_TEST_CASE(a_connection_with_nothing_to_carry_lives_on_signs) {
  testing::TwoNodes nodes({}, std::chrono::seconds(5), kBeat);
  Way way(nodes, [](std::size_t) { return 0; }, Fault::cut);
  // Twelve at each end: three times what a silent connection is given.
  auto deadline = std::chrono::steady_clock::now() + testing::kLongest;
  auto signs = [&](std::size_t node) {
    auto traffic = way.links->links[node]->traffic();
    return !traffic.empty() && traffic[0].bytes_in >= 13 * wire::kHeader;
  };
  while ((!signs(0) || !signs(1)) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  BOOST_TEST(signs(0));
  BOOST_TEST(signs(1));
  way.arrives(20);
  BOOST_TEST(way.traffic(0).reconnects == 0u);
  BOOST_TEST(nodes.logs[0].count("connection lost") == 0u);
}

BOOST_AUTO_TEST_CASE(a_break_long_after_the_first_deadline_is_mended_as_an_early_one) {
  testing::TwoNodes nodes({}, milliseconds(100));
  Way way(nodes, [](std::size_t number) { return number == 0 ? 30'000'000 : 0; }, Fault::cut, milliseconds(1000));
  auto pool = Pool::make();
  auto past = std::chrono::steady_clock::now() + milliseconds(1100);
  std::vector<Frame> got;
  std::uint64_t received = 0;
  // One small chunk at a time until the first connection's deadline is over, then large ones through the cut.
  auto one = [&](std::size_t size) {
    Frame frame;
    frame.sequence = received;
    frame.chunk = testing::numbered_chunk(*pool, received, size);
    while (way.sender->send(std::span(&frame, 1)) == 0)
      way.up.wait();
    for (got.clear(); way.receiver->receive(got, 1) == 0;)
      way.down.wait();
    BOOST_TEST(testing::is_numbered(got[0].chunk, received++, size));
    way.receiver->consumed(got[0].cost(), true);
  };
  while (std::chrono::steady_clock::now() < past)
    one(100);
  BOOST_REQUIRE(way.traffic(0).reconnects == 0u);
  for (int i = 0; i < 40; ++i)
    one(1 << 20);
  BOOST_TEST(way.traffic(0).reconnects == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
