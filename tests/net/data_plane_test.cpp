#include <fstream>

#include "stream_of_chunks.hpp"

using namespace leat;

namespace {

// One direction of a job between two nodes.
struct Way {
  Way(testing::BothLinks& links, std::uint32_t id, std::uint32_t from, Amount window = {4 << 20, 64}, bool compress = false)
      : pool(Pool::make()), into(Pool::make()) {
    auto spec = testing::bytes_channel(id, 1 - from, window);
    spec.compress = compress;
    sender = links.links[from]->sender(spec, up.wake());
    spec.peer = from;
    receiver = links.links[1 - from]->receiver(spec, into, down.wake());
  }
  std::shared_ptr<Pool> pool, into;
  testing::WakeBell up, down;
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Receiver> receiver;
};

void streams_both_ways(testing::TwoNodes& nodes, std::uint64_t job, bool compress) {
  testing::BothLinks links(nodes, job);
  std::vector<std::unique_ptr<Way>> ways;
  for (std::uint32_t id = 0; id < 6; ++id)
    ways.push_back(std::make_unique<Way>(links, id, id % 2, Amount{2 << 20, 3 + id}, compress));
  links.start();
  std::vector<std::thread> threads;
  std::vector<testing::Received> got(ways.size());
  for (std::size_t i = 0; i < ways.size(); ++i) {
    threads.emplace_back([&, i] { testing::send_stream(*ways[i]->sender, ways[i]->up, 60, *ways[i]->pool); });
    threads.emplace_back([&, i] { got[i] = testing::receive_stream(*ways[i]->receiver, ways[i]->down); });
  }
  for (auto& thread : threads)
    thread.join();
  for (const auto& one : got) {
    BOOST_TEST(one.chunks == 60u);
    BOOST_TEST(one.astray == 0u);
  }
}

Result<std::unique_ptr<DataPlane>> open_at(const Endpoint& where, std::optional<Credentials> tls = {}) {
  DataPlane::Options options;
  options.listen = where;
  options.tls = std::move(tls);
  return DataPlane::open(std::move(options));
}

std::uint64_t bytes_in(const JobLinks& links) {
  auto traffic = links.traffic();
  return traffic.empty() ? 0 : traffic[0].bytes_in;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_plane)

BOOST_AUTO_TEST_CASE(two_nodes_send_to_each_other_over_many_channels) {
  testing::TwoNodes nodes;
  streams_both_ways(nodes, 1, false);
}

BOOST_AUTO_TEST_CASE(two_nodes_send_to_each_other_over_tls) {
  testing::Certificates certificates;
  testing::TwoNodes nodes(certificates.credentials());
  streams_both_ways(nodes, 1, false);
}

BOOST_AUTO_TEST_CASE(compressed_channels_carry_the_same_in_fewer_bytes) {
  testing::TwoNodes nodes;
  streams_both_ways(nodes, 1, true);
  std::uint64_t crossed[2];
  for (bool compress : {false, true}) {
    testing::BothLinks links(nodes, 2 + compress);
    Way way(links, 1, 0, {4 << 20, 64}, compress);
    links.start();
    Frame frame;
    frame.chunk = testing::numbered_chunk(*way.pool, 1, 1 << 20);
    BOOST_REQUIRE(way.sender->send(std::span(&frame, 1)) == 1u);
    way.down.wait();
    crossed[compress] = bytes_in(*links.links[1]);
  }
  BOOST_TEST(crossed[0] > 1u << 20);
  BOOST_TEST(crossed[1] < 1u << 17);
}

BOOST_AUTO_TEST_CASE(what_does_not_shrink_goes_as_it_is) {
  testing::TwoNodes nodes;
  testing::BothLinks links(nodes, 1);
  Way way(links, 1, 0, {4 << 20, 64}, true);
  links.start();
  Building<schema::Bytes> building(*way.pool, (300 << 10) + 64);
  auto data = building.root().initData(300 << 10);
  std::uint64_t state = 1;
  for (auto& byte : data) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<kj::byte>(state >> 56);
  }
  Frame frame;
  frame.chunk = std::move(building).finish();
  Chunk kept = frame.chunk;
  BOOST_REQUIRE(way.sender->send(std::span(&frame, 1)) == 1u);
  way.down.wait();
  std::vector<Frame> got;
  BOOST_REQUIRE(way.receiver->receive(got, 1) == 1u);
  BOOST_TEST(got[0].chunk.hash() == kept.hash());
}

BOOST_AUTO_TEST_CASE(all_that_a_frame_says_comes_across) {
  testing::TwoNodes nodes;
  testing::BothLinks links(nodes, 1);
  Way way(links, 1, 0);
  links.start();
  std::vector<Frame> frames(4);
  frames[0].chunk = testing::numbered_chunk(*way.pool, 0, 10);
  frames[0].closes = true;
  frames[0].sequence = std::uint64_t{1} << 60;
  frames[0].trace = {7, 12345, {}};
  frames[1].kind = Frame::Kind::done;
  frames[1].sequence = 9;
  frames[2].kind = Frame::Kind::barrier;
  frames[2].sequence = 4;
  frames[3].kind = Frame::Kind::end;
  frames[3].ending = Ending::interrupted;
  std::size_t footprint = frames[0].chunk.footprint();
  BOOST_REQUIRE(way.sender->send(frames) == 4u);
  std::vector<Frame> got;
  while (got.size() < 4) {
    if (way.receiver->receive(got, 4) == 0) way.down.wait();
  }
  BOOST_TEST(got[0].closes);
  BOOST_TEST(got[0].sequence == std::uint64_t{1} << 60);
  BOOST_TEST(got[0].epoch == 3u);
  BOOST_TEST(got[0].trace.source == 7u);
  BOOST_TEST(got[0].trace.number == 12345u);
  BOOST_TEST(got[0].chunk.type() == capnp::typeId<schema::Bytes>());
  BOOST_TEST(got[0].chunk.footprint() == footprint);
  BOOST_TEST(reinterpret_cast<std::uintptr_t>(got[0].chunk.message().data()) % 64 == 0u);
  BOOST_TEST((got[1].kind == Frame::Kind::done));
  BOOST_TEST(got[1].sequence == 9u);
  BOOST_TEST((got[2].kind == Frame::Kind::barrier));
  BOOST_TEST(got[2].sequence == 4u);
  BOOST_TEST((got[3].kind == Frame::Kind::end));
  BOOST_TEST((got[3].ending == Ending::interrupted));
}

BOOST_AUTO_TEST_CASE(slices_of_large_chunks_let_others_pass) {
  testing::TwoNodes nodes;
  testing::BothLinks links(nodes, 1);
  Way large(links, 1, 0, {64 << 20, 64});
  Way small(links, 2, 0);
  // All is queued before anything is written.
  std::vector<Frame> frames;
  for (std::uint64_t i = 0; i < 30; ++i) {
    frames.emplace_back().chunk = testing::numbered_chunk(*large.pool, i, (2 << 20) - 4096);
  }
  BOOST_REQUIRE(large.sender->send(frames) == 30u);
  Frame one;
  one.chunk = testing::numbered_chunk(*small.pool, 0, 10);
  BOOST_REQUIRE(small.sender->send(std::span(&one, 1)) == 1u);
  links.start();
  small.down.wait();
  // The small one came after at most a few slices of the sixty megabytes before it, not after all.
  std::vector<Frame> got;
  BOOST_TEST(large.receiver->receive(got, 30) < 30u);
}

BOOST_AUTO_TEST_CASE(a_consumer_that_stops_stops_nobody_else) {
  testing::TwoNodes nodes;
  testing::BothLinks links(nodes, 1);
  Way stopped(links, 1, 0);
  Way other(links, 2, 0);
  links.start();
  std::uint64_t sent = 0;
  for (Frame frame;; ++sent) {
    frame.chunk = testing::numbered_chunk(*stopped.pool, sent, 100 << 10);
    if (stopped.sender->send(std::span(&frame, 1)) == 0) break;
  }
  std::thread upper([&] { testing::send_stream(*other.sender, other.up, 100, *other.pool); });
  BOOST_TEST(testing::receive_stream(*other.receiver, other.down).chunks == 100u);
  upper.join();
  BOOST_TEST(stopped.into->usage().held <= (4u << 20) + (1u << 20), "more than the window");
  std::vector<Frame> got;
  while (got.size() < sent) {
    if (stopped.receiver->receive(got, sent) == 0) stopped.down.wait();
  }
}

BOOST_AUTO_TEST_CASE(traffic_is_counted_at_both_ends) {
  testing::TwoNodes nodes({}, std::chrono::seconds(5), std::chrono::hours(1));
  testing::BothLinks links(nodes, 1);
  Way way(links, 1, 0);
  links.start();
  std::thread upper([&] { testing::send_stream(*way.sender, way.up, 30, *way.pool); });
  testing::receive_stream(*way.receiver, way.down);
  upper.join();
  auto out = links.links[0]->traffic();
  auto in = links.links[1]->traffic();
  BOOST_REQUIRE(out.size() == 1u);
  BOOST_REQUIRE(in.size() == 1u);
  BOOST_TEST(out[0].peer == 1u);
  BOOST_TEST(in[0].peer == 0u);
  BOOST_TEST(out[0].chunks_out == 30u);
  BOOST_TEST(in[0].chunks_in == 30u);
  BOOST_TEST(out[0].bytes_out == in[0].bytes_in);
  BOOST_TEST(out[0].reconnects == 0u);
}

BOOST_AUTO_TEST_CASE(ends_that_outlive_their_links_take_and_give_nothing) {
  testing::TwoNodes nodes;
  auto links = std::make_unique<testing::BothLinks>(nodes, 1);
  Way way(*links, 1, 0);
  links->start();
  Frame frame;
  frame.chunk = testing::numbered_chunk(*way.pool, 0, 10);
  BOOST_REQUIRE(way.sender->send(std::span(&frame, 1)) == 1u);
  way.down.wait();
  links.reset();
  frame.chunk = testing::numbered_chunk(*way.pool, 1, 10);
  BOOST_TEST(way.sender->send(std::span(&frame, 1)) == 0u);
  std::vector<Frame> got;
  BOOST_TEST(way.receiver->receive(got, 1) == 0u);
  way.receiver->consumed({128, 1}, true);
  nodes.planes[0].reset();
  nodes.planes[1].reset();
  BOOST_TEST(way.sender->send(std::span(&frame, 1)) == 0u);
  way.receiver->consumed({128, 1}, true);
}

BOOST_AUTO_TEST_CASE(off_loopback_there_is_no_plane_without_certificates) {
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "node3"}) {
    auto plane = open_at({host, 0});
    BOOST_REQUIRE(!plane.ok());
    BOOST_TEST((plane.error().kind == ErrorKind::invalid));
    BOOST_TEST(plane.error().sentence.find("certificate") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(certificates_that_cannot_be_used_are_named) {
  testing::Certificates certificates, others;
  auto refused = [](Credentials credentials, const std::string& named) {
    auto plane = open_at({}, credentials);
    BOOST_REQUIRE(!plane.ok());
    BOOST_TEST((plane.error().kind == ErrorKind::invalid));
    BOOST_TEST(plane.error().sentence.find(named) != std::string::npos, plane.error().sentence);
  };
  auto good = certificates.credentials();
  refused({"/no/such.pem", good.key, good.authority}, "/no/such.pem");
  refused({good.certificate, others.credentials().key, good.authority}, "key");
  refused({good.certificate, good.key, good.key}, "authority");
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_named) {
  testing::TwoNodes nodes;
  auto plane = open_at(nodes.planes[0]->endpoint());
  BOOST_REQUIRE(!plane.ok());
  BOOST_TEST((plane.error().kind == ErrorKind::failed));
  BOOST_TEST(plane.error().sentence.find(to_string(nodes.planes[0]->endpoint())) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
