#include <future>

#include <leat/net/asio.hpp>

#include "fault_proxy.hpp"
#include "stream_of_chunks.hpp"

using namespace leat;
using testing::FaultProxy;

namespace {

// A stream from node 0 to node 1 by way of a proxy that cuts arrives whole; how often it was taken up again.
std::uint64_t survives(testing::TwoNodes& nodes, std::uint64_t job, std::uint64_t chunks,
              std::function<std::uint64_t(std::size_t)> after) {
  FaultProxy proxy(nodes.planes[1]->endpoint(), std::move(after));
  testing::BothLinks links(nodes, nodes.wiring(job, 0, proxy.endpoint()), nodes.wiring(job, 1));
  testing::WakeBell up, down;
  auto pool = Pool::make();
  auto sender = links.links[0]->sender(testing::bytes_channel(1, 1), up.wake());
  auto receiver = links.links[1]->receiver(testing::bytes_channel(1, 0), Pool::make(), down.wake());
  links.start();
  std::thread upper([&] { testing::send_stream(*sender, up, chunks, *pool); });
  auto got = testing::receive_stream(*receiver, down);
  upper.join();
  BOOST_TEST(got.chunks == chunks);
  BOOST_TEST(got.astray == 0u);
  auto traffic = links.links[1]->traffic();
  BOOST_REQUIRE(traffic.size() == 1u);
  BOOST_TEST(traffic[0].chunks_in == chunks);
  return traffic[0].reconnects;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reconnect)

BOOST_AUTO_TEST_CASE(connections_cut_anywhere_lose_and_repeat_nothing) {
  testing::TwoNodes nodes;
  std::uint64_t job = 0;
  // In the handshake, in a header, in a payload, at the edges of slices, and far on; then no more.
  for (std::uint64_t after : {1, 8, 50, 104, 110, 152, 153, 200, 500, 5'000, 70'000, 131'072, 131'120, 131'300, 262'000,
                              700'001, 1'500'003}) {
    BOOST_TEST_CONTEXT("cut after " << after) {
      auto resumed = survives(nodes, ++job, 40, [after](std::size_t number) { return number < 5 ? after : 0; });
      // A HELLO has 72 bytes.
      BOOST_TEST(resumed == (after < 72 ? 0u : 5u));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_connection_cut_again_and_again_gets_through_all_the_same) {
  testing::TwoNodes nodes;
  BOOST_TEST(survives(nodes, 1, 60, [](std::size_t number) { return 1'100'000 + 7'919 * number; }) >= 5u);
}

BOOST_AUTO_TEST_CASE(a_connection_over_tls_cut_in_mid_chunk_is_resumed) {
  testing::Certificates certificates;
  testing::TwoNodes nodes(certificates.credentials());
  auto resumed = survives(nodes, 1, 40, [](std::size_t number) { return number < 6 ? 3'000 + 150'001 * number : 0; });
  BOOST_TEST(resumed >= 5u);
}

BOOST_AUTO_TEST_CASE(a_peer_that_stays_away_is_lost_once_and_by_name) {
  testing::TwoNodes nodes;
  FaultProxy proxy(nodes.planes[1]->endpoint(), [](std::size_t) { return 0; });
  std::promise<std::pair<std::uint32_t, Error>> lost[2];
  auto wiring = [&](std::uint32_t me) {
    auto out = me == 0 ? nodes.wiring(1, 0, proxy.endpoint()) : nodes.wiring(1, 1);
    out.reconnect_within = std::chrono::milliseconds(200);
    // A second call throws.
    out.lost = [&lost, me](std::uint32_t peer, Error error) { lost[me].set_value({peer, std::move(error)}); };
    return out;
  };
  testing::BothLinks links(nodes, wiring(0), wiring(1));
  testing::WakeBell up, down;
  auto pool = Pool::make();
  auto sender = links.links[0]->sender(testing::bytes_channel(1, 1), up.wake());
  auto receiver = links.links[1]->receiver(testing::bytes_channel(1, 0), Pool::make(), down.wake());
  links.start();
  Frame frame;
  frame.chunk = testing::numbered_chunk(*pool, 0, 10);
  BOOST_REQUIRE(sender->send(std::span(&frame, 1)) == 1u);
  down.wait();
  proxy.stop();
  for (std::uint32_t me : {0u, 1u}) {
    auto future = lost[me].get_future();
    BOOST_REQUIRE((future.wait_for(testing::kLongest) == std::future_status::ready));
    auto [peer, error] = future.get();
    BOOST_TEST(peer == 1 - me);
    BOOST_TEST((error.kind == ErrorKind::disconnected));
    Endpoint named = me == 0 ? proxy.endpoint() : nodes.planes[0]->endpoint();
    BOOST_TEST(error.sentence.find(to_string(named)) != std::string::npos, error.sentence);
  }
}

BOOST_AUTO_TEST_CASE(a_peer_that_never_comes_is_lost) {
  testing::TwoNodes nodes({}, std::chrono::milliseconds(100));
  std::promise<Error> lost;
  auto wiring = nodes.wiring(1, 0, Endpoint{"127.0.0.1", 1});
  wiring.reconnect_within = std::chrono::milliseconds(100);
  wiring.lost = [&](std::uint32_t, Error error) { lost.set_value(std::move(error)); };
  auto links = nodes.planes[0]->links(std::move(wiring));
  auto sender = links->sender(testing::bytes_channel(1, 1), [] {});
  links->start();
  auto future = lost.get_future();
  BOOST_REQUIRE((future.wait_for(testing::kLongest) == std::future_status::ready));
  BOOST_TEST(future.get().sentence.find("onnection refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_peer_that_takes_the_call_and_stays_silent_is_lost) {
  testing::TwoNodes nodes({}, std::chrono::milliseconds(100));
  // The kernel takes connections; nobody ever reads from them.
  asio::io_context io;
  asio::ip::tcp::acceptor silent(io, {asio::ip::make_address("127.0.0.1"), 0});
  Endpoint there{"127.0.0.1", silent.local_endpoint().port()};
  std::promise<std::pair<std::uint32_t, Error>> lost;
  auto wiring = nodes.wiring(1, 0, there);
  wiring.reconnect_within = std::chrono::milliseconds(100);
  // A second call throws.
  wiring.lost = [&](std::uint32_t peer, Error error) { lost.set_value({peer, std::move(error)}); };
  auto links = nodes.planes[0]->links(std::move(wiring));
  auto sender = links->sender(testing::bytes_channel(1, 1), [] {});
  links->start();
  auto future = lost.get_future();
  BOOST_REQUIRE((future.wait_for(testing::kLongest) == std::future_status::ready));
  auto [peer, error] = future.get();
  BOOST_TEST(peer == 1u);
  BOOST_TEST(error.sentence.find("node 1 at " + to_string(there) + " cannot be reached: no answer in time") !=
                 std::string::npos,
             error.sentence);
}

BOOST_AUTO_TEST_CASE(links_may_be_destroyed_where_a_peer_is_lost) {
  testing::TwoNodes nodes({}, std::chrono::milliseconds(100));
  std::promise<void> gone;
  std::unique_ptr<JobLinks> links;
  auto wiring = nodes.wiring(1, 0, Endpoint{"127.0.0.1", 1});
  wiring.reconnect_within = std::chrono::milliseconds(50);
  wiring.lost = [&](std::uint32_t, Error) {
    links.reset();
    gone.set_value();
  };
  links = nodes.planes[0]->links(std::move(wiring));
  auto sender = links->sender(testing::bytes_channel(1, 1), [] {});
  links->start();
  BOOST_REQUIRE((gone.get_future().wait_for(testing::kLongest) == std::future_status::ready));
  Frame end;
  end.kind = Frame::Kind::end;
  BOOST_TEST(sender->send(std::span(&end, 1)) == 0u);
}

BOOST_AUTO_TEST_CASE(a_peer_that_has_ended_may_go_without_being_missed) {
  testing::TwoNodes nodes;
  bool lost = false;
  auto wiring = nodes.wiring(1, 0);
  wiring.reconnect_within = std::chrono::milliseconds(50);
  wiring.lost = [&](std::uint32_t, Error) { lost = true; };
  testing::BothLinks links(nodes, std::move(wiring), nodes.wiring(1, 1));
  testing::WakeBell up, down;
  auto pool = Pool::make();
  auto sender = links.links[0]->sender(testing::bytes_channel(1, 1), up.wake());
  auto receiver = links.links[1]->receiver(testing::bytes_channel(1, 0), Pool::make(), down.wake());
  links.start();
  std::thread upper([&] { testing::send_stream(*sender, up, 20, *pool); });
  BOOST_TEST(testing::receive_stream(*receiver, down).chunks == 20u);
  upper.join();
  receiver->consumed({}, true);
  links.links[1].reset();
  // A job on the same planes takes longer than the peer would be waited for.
  survives(nodes, 2, 40, [](std::size_t number) { return number < 3 ? 100'000 : 0; });
  links.links[0].reset();
  BOOST_TEST(!lost);
}

BOOST_AUTO_TEST_CASE(who_is_in_a_hurry_waits_no_longer_for_a_first_connection_than_for_a_later_one) {
  testing::TwoNodes nodes({}, std::chrono::hours(1));
  asio::io_context io;
  asio::ip::tcp::acceptor silent(io, {asio::ip::make_address("127.0.0.1"), 0});
  std::promise<void> lost[2];
  auto wiring = [&](std::uint32_t me) {
    auto out = nodes.wiring(1, me, Endpoint{"127.0.0.1", silent.local_endpoint().port()});
    out.reconnect_within = std::chrono::milliseconds(100);
    out.lost = [&lost, me](std::uint32_t, Error) { lost[me].set_value(); };
    return out;
  };
  testing::BothLinks links(nodes, wiring(0), wiring(1));
  auto sender = links.links[0]->sender(testing::bytes_channel(1, 1), [] {});
  auto receiver = links.links[1]->receiver(testing::bytes_channel(1, 0), Pool::make(), [] {});
  links.start();
  for (auto& each : links.links) each->hurry();
  for (auto& each : lost) BOOST_TEST((each.get_future().wait_for(testing::kLongest) == std::future_status::ready));
}

BOOST_AUTO_TEST_SUITE_END()
