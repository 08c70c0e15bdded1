// Ends that are made while a job runs: more channels, to nodes that were there and to those that come.
#include <future>
#include <map>
#include <mutex>

#include "fault_proxy.hpp"
#include "stream_of_chunks.hpp"

using namespace leat;

namespace {

// Boost.Test is for one thread at a time, and several ways stream at once.
std::mutex checking;

// A channel made as a growing job makes it: first its upper end, then its lower one.
struct Way {
  Way(JobLinks& from_links, JobLinks& to_links, std::uint32_t id, std::uint32_t from, std::uint32_t to)
      : pool(Pool::make()), into(Pool::make()) {
    auto spec = testing::bytes_channel(id, to, {2 << 20, 4});
    sender = from_links.sender(spec, up.wake());
    spec.peer = from;
    receiver = to_links.receiver(spec, into, down.wake());
  }
  void stream(std::uint64_t count) {
    testing::Received got;
    std::thread sends([&] { testing::send_stream(*sender, up, count, *pool); });
    got = testing::receive_stream(*receiver, down);
    sends.join();
    std::lock_guard lock(checking);
    BOOST_TEST(got.chunks == count);
    BOOST_TEST(got.astray == 0u);
  }
  std::shared_ptr<Pool> pool, into;
  testing::WakeBell up, down;
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Receiver> receiver;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(late_ends)

BOOST_AUTO_TEST_CASE(a_connection_takes_channels_while_it_carries_others) {
  testing::TwoNodes nodes;
  testing::BothLinks both(nodes, 1);
  Way first(*both.links[0], *both.links[1], 0, 0, 1);
  both.start();
  std::thread old([&] { first.stream(200); });
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<Way>> ways;
  for (std::uint32_t id = 1; id < 6; ++id) {
    ways.push_back(std::make_unique<Way>(*both.links[0], *both.links[1], id, 0, 1));
    both.start();
    threads.emplace_back([way = ways.back().get()] { way->stream(40); });
  }
  for (auto& thread : threads)
    thread.join();
  old.join();
  for (auto& log : nodes.logs)
    BOOST_TEST(log.count("warning") == 0u, log.all());
}

BOOST_AUTO_TEST_CASE(what_is_sent_before_the_lower_end_is_made_waits_for_it) {
  testing::TwoNodes nodes;
  testing::BothLinks both(nodes, 1);
  Way first(*both.links[0], *both.links[1], 0, 0, 1);
  both.start();
  first.stream(5);
  auto pool = Pool::make();
  testing::WakeBell up, down;
  auto spec = testing::bytes_channel(1, 1);
  auto sender = both.links[0]->sender(spec, up.wake());
  std::thread sends([&] { testing::send_stream(*sender, up, 30, *pool); });
  spec.peer = 0;
  auto receiver = both.links[1]->receiver(spec, pool, down.wake());
  auto got = testing::receive_stream(*receiver, down);
  sends.join();
  BOOST_TEST(got.chunks == 30u);
  BOOST_TEST(got.astray == 0u);
}

BOOST_AUTO_TEST_CASE(nodes_that_had_nothing_to_say_to_each_other_connect) {
  testing::TwoNodes nodes;
  testing::BothLinks both(nodes, 1);
  Way first(*both.links[0], *both.links[1], 0, 0, 1);
  both.start();
  first.stream(5);
  Way back(*both.links[1], *both.links[0], 1, 1, 0);
  both.start();
  back.stream(50);
}

BOOST_AUTO_TEST_CASE(a_node_comes_while_others_work) {
  testing::TwoNodes nodes;
  testing::LogLines log;
  DataPlane::Options options;
  options.log = log.log();
  auto plane = testing::opened(options);
  testing::BothLinks both(nodes, 1);
  Way first(*both.links[0], *both.links[1], 0, 0, 1);
  both.start();
  std::thread old([&] { first.stream(200); });
  for (auto& links : both.links)
    links->add_node(plane->endpoint());
  auto wiring = nodes.wiring(1, 0);
  wiring.me = 2;
  wiring.nodes.push_back(plane->endpoint());
  auto late = plane->links(wiring);
  Way to(*both.links[0], *late, 1, 0, 2);
  Way from(*late, *both.links[1], 2, 2, 1);
  late->start();
  both.start();
  std::thread other([&] { to.stream(50); });
  from.stream(50);
  other.join();
  old.join();
  BOOST_TEST(late->traffic().size() == 2u);
  BOOST_TEST(both.links[0]->traffic().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_node_is_settled_once_its_peers_have_all) {
  testing::TwoNodes nodes;
  testing::BothLinks both(nodes, 1);
  Way first(*both.links[0], *both.links[1], 0, 0, 1);
  auto settled = [&](std::size_t node) {
    auto told = std::make_shared<std::promise<void>>();
    both.links[node]->when_settled([told] { told->set_value(); });
    return told->get_future();
  };
  auto is = [](const std::future<void>& settled) {
    return settled.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  };
  BOOST_TEST(is(settled(1)), "it sends nothing");
  auto sent = settled(0);
  BOOST_TEST(!is(sent));
  both.start();
  first.stream(5);
  // The receipt for the end is under way.
  BOOST_TEST((sent.wait_for(std::chrono::seconds(20)) == std::future_status::ready));
  BOOST_TEST(is(settled(0)));
  Way second(*both.links[0], *both.links[1], 1, 0, 1);
  auto more = settled(0);
  BOOST_TEST(!is(more));
  both.start();
  second.stream(5);
  BOOST_TEST((more.wait_for(std::chrono::seconds(20)) == std::future_status::ready));
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_after_it_took_a_channel_comes_back_with_all) {
  testing::TwoNodes nodes;
  testing::FaultProxy proxy(nodes.planes[1]->endpoint(),
                            [](std::size_t number) { return number < 5 ? 700'001 : 0; });
  testing::BothLinks both(nodes, nodes.wiring(1, 0, proxy.endpoint()), nodes.wiring(1, 1));
  Way first(*both.links[0], *both.links[1], 0, 0, 1);
  both.start();
  first.stream(5);
  Way second(*both.links[0], *both.links[1], 1, 0, 1);
  both.start();
  second.stream(5);
  Way third(*both.links[0], *both.links[1], 2, 0, 1);
  both.start();
  third.stream(50);
  BOOST_TEST(proxy.connections() >= 5u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_before_the_lower_end_is_made_comes_back) {
  testing::TwoNodes nodes;
  testing::FaultProxy proxy(nodes.planes[1]->endpoint(), [](std::size_t number) { return number == 0 ? 700'001 : 0; });
  testing::BothLinks both(nodes, nodes.wiring(1, 0, proxy.endpoint()), nodes.wiring(1, 1));
  Way first(*both.links[0], *both.links[1], 0, 0, 1);
  both.start();
  auto pool = Pool::make();
  testing::WakeBell up, down;
  auto spec = testing::bytes_channel(1, 1);
  auto sender = both.links[0]->sender(spec, up.wake());
  first.stream(50);
  BOOST_TEST(proxy.connections() == 2u);
  spec.peer = 0;
  auto receiver = both.links[1]->receiver(spec, pool, down.wake());
  std::thread sends([&] { testing::send_stream(*sender, up, 5, *pool); });
  auto got = testing::receive_stream(*receiver, down);
  sends.join();
  BOOST_TEST(got.chunks == 5u);
  for (auto& log : nodes.logs)
    BOOST_TEST(log.count("warning") == 0u, log.all());
}

BOOST_AUTO_TEST_SUITE_END()
