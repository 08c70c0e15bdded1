#include <algorithm>
#include <cstring>

#include "actor/link_conformance.hpp"

#include "raw_peer.hpp"
#include "two_nodes.hpp"

using namespace leat;
using testing::RawPeer;
using wire::Header;
using wire::FrameKind;

namespace {

constexpr std::uint32_t kUnder = 7;   // the channel that is attacked
constexpr std::uint32_t kBeside = 8;  // another of the same job, from another node

ChannelSpec spec(std::uint32_t id, std::uint32_t peer) {
  ChannelSpec out;
  out.id = id;
  out.peer = peer;
  out.type = capnp::typeId<schema::Bytes>();
  out.window = {64 * 1024, 4};
  out.max_chunk = 64 * 1024;
  out.name = "under attack";
  return out;
}

// A node with one channel from node 0, who is the test, and one from node 2, who is well-behaved.
class Victim {
 public:
  explicit Victim(std::chrono::milliseconds handshake = std::chrono::seconds(20))
      : plane(testing::opened(options(handshake))), friendly(testing::opened(mute())) {
    links = plane->links(wiring(1));
    under = links->receiver(spec(kUnder, 0), pool, bell.wake());
    beside = links->receiver(spec(kBeside, 2), pool, beside_bell.wake());
    links->start();
    friendly_links = friendly->links(wiring(2));
    sender = friendly_links->sender(spec(kBeside, 1), friendly_bell.wake());
    friendly_links->start();
    chunk_from_beside();
    before = pool->usage().held;
  }

  // The test's own peers give no signs of life, and need none.
  static DataPlane::Options mute() {
    DataPlane::Options out;
    out.beat = std::chrono::hours(1);
    return out;
  }
  DataPlane::Options options(std::chrono::milliseconds handshake) {
    auto out = mute();
    out.log = log.log();
    out.handshake_within = handshake;
    return out;
  }
  JobWiring wiring(std::uint32_t me) const {
    JobWiring out;
    out.job = 5;
    out.epoch = 3;
    out.token = "the right token, 32 bytes of it!";
    out.me = me;
    out.nodes = {{"127.0.0.1", 1}, plane->endpoint(), friendly->endpoint()};
    return out;
  }
  wire::Hello hello() const { return {5, 3, 0, 1, 1, wiring(0).token}; }

  // Peer 0, let in.
  std::unique_ptr<RawPeer> let_in() const {
    auto peer = std::make_unique<RawPeer>(plane->endpoint());
    BOOST_REQUIRE(peer->say(wire::encode(hello())));
    auto welcome = peer->hear(wire::kWelcome);
    BOOST_REQUIRE(welcome.has_value());
    auto credit = peer->hear_frame();
    BOOST_REQUIRE(credit.has_value());
    BOOST_TEST((credit->kind == FrameKind::credit));
    BOOST_TEST(credit->channel == kUnder);
    BOOST_TEST(credit->sequence == 64 * 1024u);
    BOOST_TEST(credit->chunks == 4u);
    return peer;
  }

  // The other channel still works.
  void chunk_from_beside() {
    Building<schema::Bytes> building(*friends_pool);
    Frame frame;
    frame.chunk = std::move(building).finish();
    BOOST_REQUIRE(sender->send(std::span(&frame, 1)) == 1);
    std::vector<Frame> got;
    while (beside->receive(got, 1) == 0)
      beside_bell.wait();
    beside->consumed(got[0].cost(), true);
  }

  // One line that says why, the connection closed, no memory taken, nothing delivered, others unharmed.
  void refused(RawPeer& peer, const std::string& why) {
    BOOST_TEST(peer.closed());
    BOOST_TEST(log.await(why), "no line says \"" << why << "\":\n" << log.all());
    BOOST_TEST(log.count("reason=") == 1u, log.all());
    BOOST_TEST(log.count("connection closed peer=node 0 at 127.0.0.1:1") + log.count("connection refused peer=127.0.0.1:") == 1u, log.all());
    std::vector<Frame> got;
    BOOST_TEST(under->receive(got, 10) == 0u);
    BOOST_TEST(pool->usage().held == before);
    chunk_from_beside();
  }

  testing::LogLines log;
  testing::WakeBell bell, beside_bell, friendly_bell;
  std::shared_ptr<Pool> pool = Pool::make();
  std::shared_ptr<Pool> friends_pool = Pool::make();
  std::unique_ptr<DataPlane> plane, friendly;
  std::unique_ptr<JobLinks> links, friendly_links;
  std::unique_ptr<Receiver> under, beside;
  std::unique_ptr<Sender> sender;
  std::size_t before = 0;
};

// A message of `words` words: a Bytes without data.
std::vector<std::byte> message(std::size_t words) {
  std::vector<std::byte> out(words * 8);
  out[4] = std::byte{0};
  return out;
}

// A header for it that is right in every way, as frame 0.
Header header_for(std::span<const std::byte> payload) {
  Header h;
  h.channel = kUnder;
  h.epoch = 3;
  h.total = h.slice = static_cast<std::uint32_t>(payload.size());
  h.cost = static_cast<std::uint32_t>(Pool::footprint(payload.size()));
  h.last = true;
  h.payload_crc = wire::crc32c(payload);
  return h;
}

// What happens to a first frame that is right but for `change`.
void refuses(const std::string& why, const std::function<void(Header&)>& change, bool with_payload = false) {
  BOOST_TEST_CONTEXT(why) {
    Victim victim;
    auto peer = victim.let_in();
    auto payload = message(4);
    Header header = header_for(payload);
    change(header);
    peer->say(header, with_payload ? std::span<const std::byte>(payload) : std::span<const std::byte>());
    victim.refused(*peer, why);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(a_peer_that_does_all_right_is_heard) {
  Victim victim;
  auto peer = victim.let_in();
  auto payload = message(4);
  BOOST_TEST(peer->say(header_for(payload), payload));
  victim.bell.wait();
  std::vector<Frame> got;
  BOOST_TEST(victim.under->receive(got, 10) == 1u);
  BOOST_TEST(got[0].chunk.footprint() == Pool::footprint(32));
  BOOST_TEST(victim.log.count("reason=") == 0u);
}

BOOST_AUTO_TEST_CASE(strangers_are_refused_before_anything_else) {
  auto refuse = [](const std::string& why, const std::function<std::vector<std::byte>(const Victim&)>& words) {
    BOOST_TEST_CONTEXT(why) {
      Victim victim;
      RawPeer peer(victim.plane->endpoint());
      peer.say(words(victim));
      peer.half_close();
      victim.refused(peer, why);
    }
  };
  auto hello_with = [](const std::function<void(wire::Hello&)>& change) {
    return [change](const Victim& victim) {
      auto hello = victim.hello();
      change(hello);
      return wire::encode(hello);
    };
  };
  refuse("wrong token", hello_with([](auto& h) { h.token[31] = '?'; }));
  refuse("wrong token", hello_with([](auto& h) { h.token.resize(16); }));
  refuse("epoch 2 is over", hello_with([](auto& h) { h.epoch = 2; }));
  refuse("it means node 2", hello_with([](auto& h) { h.to = 2; }));
  refuse("no channel comes from node 9", hello_with([](auto& h) { h.from = 9; }));
  refuse("has 4 channels", hello_with([](auto& h) { h.channels = 4; }));
  refuse("protocol version 4", [](const Victim& victim) {
    auto bytes = wire::encode(victim.hello());
    bytes[4] = std::byte{4};
    return bytes;
  });
  refuse("garbage", [](const Victim&) { return std::vector<std::byte>(4096, std::byte{0x55}); });
  refuse("a hello of 65535 bytes", [](const Victim& victim) {
    auto bytes = wire::encode(victim.hello());
    bytes[6] = bytes[7] = std::byte{0xff};
    return bytes;
  });
  refuse("closed by the peer", [](const Victim& victim) {
    auto bytes = wire::encode(victim.hello());
    bytes.resize(bytes.size() - 1);
    return bytes;
  });
  refuse("wrong checksum", [](const Victim& victim) {
    auto bytes = wire::encode(victim.hello());
    bytes.back() ^= std::byte{1};
    return bytes;
  });
}

BOOST_AUTO_TEST_CASE(who_dawdles_over_the_handshake_is_shown_out) {
  Victim victim(std::chrono::milliseconds(300));
  RawPeer peer(victim.plane->endpoint());
  auto hello = wire::encode(victim.hello());
  peer.say(std::span(hello).first(20));
  victim.refused(peer, "no hello in time");
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_job_that_never_comes_is_shown_out) {
  Victim victim(std::chrono::milliseconds(300));
  RawPeer peer(victim.plane->endpoint());
  auto hello = victim.hello();
  hello.job = 6;
  peer.say(wire::encode(hello));
  victim.refused(peer, "no job 6 epoch 3 here");
}


BOOST_AUTO_TEST_CASE(of_two_epochs_of_a_job_the_newer_is_the_one_that_counts) {
  for (bool newer_first : {true, false}) {
    DataPlane::Options options = Victim::mute();
    testing::LogLines log;
    options.log = log.log();
    auto plane = testing::opened(std::move(options));
    auto wiring = [&](std::uint32_t epoch) {
      JobWiring out;
      out.job = 5;
      out.epoch = epoch;
      out.token = "the right token, 32 bytes of it!";
      out.me = 1;
      out.nodes = {{"127.0.0.1", 1}, plane->endpoint()};
      return out;
    };
    std::unique_ptr<JobLinks> links[2];
    std::unique_ptr<Receiver> receivers[2];
    for (std::uint32_t i = 0; i < 2; ++i) {
      links[i] = plane->links(wiring(3 + (newer_first ? 1 - i : i)));
      receivers[i] = links[i]->receiver(spec(kUnder, 0), Pool::make(), [] {});
      links[i]->start();
    }
    auto hello = [&](std::uint32_t epoch) { return wire::encode(wire::Hello{5, epoch, 0, 1, 1, wiring(3).token}); };
    RawPeer newer(plane->endpoint());
    BOOST_REQUIRE(newer.say(hello(4)));
    BOOST_REQUIRE(newer.hear(wire::kWelcome).has_value());
    auto credit = newer.hear_frame();
    BOOST_REQUIRE(credit.has_value());
    BOOST_TEST(credit->epoch == 4u);
    RawPeer older(plane->endpoint());
    BOOST_REQUIRE(older.say(hello(3)));
    BOOST_REQUIRE(older.closed());
    BOOST_TEST(log.await("epoch 3 is over, job 5 is in epoch 4"), log.all());
  }
}

BOOST_AUTO_TEST_CASE(frames_for_nobody_or_out_of_turn_are_refused) {
  refuses("a channel that is not here", [](Header& h) { h.channel = kBeside; });
  refuses("a frame of epoch 2, this is epoch 3", [](Header& h) { h.epoch = 2; });
  refuses("frame 1 where 0 is due", [](Header& h) { h.position = 1; });
  refuses("the other way", [](Header& h) {
    h = {};
    h.kind = FrameKind::credit;
    h.channel = kUnder;
    h.epoch = 3;
  });
}

BOOST_AUTO_TEST_CASE(chunks_beyond_what_is_allowed_are_refused_before_memory_is_taken) {
  refuses("a chunk of 4294967295 bytes", [](Header& h) {
    h.total = 0xfffffff8;
    h.slice = wire::kSlice;
    h.cost = 0xffffffff;
    h.last = false;
  });
  refuses("at most 65536 are allowed", [](Header& h) {
    h.total = 65536;
    h.slice = 65536;
    h.cost = static_cast<std::uint32_t>(Pool::footprint(65536));
  });
  refuses("another amount of memory", [](Header& h) { h.cost += 1; });
  refuses("another amount of memory", [](Header& h) { h.cost = h.total; });
  refuses("a slice of the wrong length", [](Header& h) { h.slice = 8; });
  refuses("another length than announced", [](Header& h) { h.last = false; });
  refuses("without compression", [](Header& h) { h.lz4 = true; });
}

BOOST_AUTO_TEST_CASE(data_without_credit_is_refused) {
  for (bool by_chunks : {true, false}) {
    Victim victim;
    auto peer = victim.let_in();
    auto payload = message(by_chunks ? 4 : 4000);
    Header header = header_for(payload);
    std::size_t fit = by_chunks ? 4 : 64 * 1024 / header.cost;
    for (; header.position < fit; ++header.position)
      BOOST_REQUIRE(peer->say(header, payload));
    peer->say(header);
    BOOST_TEST(peer->closed());
    BOOST_TEST(victim.log.await("data without credit"));
    std::vector<Frame> got;
    BOOST_TEST(victim.under->receive(got, 10) == fit);
    victim.chunk_from_beside();
  }
}

BOOST_AUTO_TEST_CASE(marks_have_their_limits_too) {
  Header mark;
  mark.channel = kUnder;
  mark.epoch = 3;
  auto refused_after = [&](FrameKind kind, std::size_t fit, const std::string& why) {
    Victim victim;
    auto peer = victim.let_in();
    mark.kind = kind;
    for (mark.position = 0; mark.position <= fit; ++mark.position)
      peer->say(mark);
    BOOST_TEST(peer->closed());
    BOOST_TEST(victim.log.await(why), victim.log.all());
    std::vector<Frame> got;
    BOOST_TEST(victim.under->receive(got, 100) == fit);
    victim.chunk_from_beside();
  };
  refused_after(FrameKind::done, 4, "data without credit");
  refused_after(FrameKind::barrier, 4, "more barriers");
  refused_after(FrameKind::end, 1, "a frame after the end");
}

BOOST_AUTO_TEST_CASE(damaged_frames_are_refused) {
  refuses("a payload with a wrong checksum", [](Header& h) { h.payload_crc ^= 1; }, true);
  auto raw = [](const std::string& why, const std::function<void(std::span<std::byte>)>& damage) {
    Victim victim;
    auto peer = victim.let_in();
    std::array<std::byte, wire::kHeader> bytes;
    wire::encode(header_for(message(4)), bytes);
    damage(bytes);
    peer->say(bytes);
    victim.refused(*peer, why);
  };
  raw("wrong checksum", [](auto bytes) { bytes[20] ^= std::byte{1}; });
  raw("garbage where a frame should begin", [](auto bytes) { std::fill(bytes.begin(), bytes.end(), std::byte{0x47}); });
  raw("version 9", [](auto bytes) { bytes[1] = std::byte{9}; });
}

BOOST_AUTO_TEST_CASE(a_message_that_would_lead_readers_astray_is_refused) {
  Victim victim;
  auto peer = victim.let_in();
  auto payload = message(4);
  payload[0] = std::byte{0xf0};  // a struct far outside
  payload[4] = std::byte{1};
  peer->say(header_for(payload), payload);
  victim.refused(*peer, "points outside");
}

BOOST_AUTO_TEST_CASE(a_frame_cut_short_is_dropped_and_may_come_again) {
  Victim victim;
  auto payload = message(1000);
  {
    auto peer = victim.let_in();
    peer->say(header_for(payload), std::span(payload).first(5000));
    peer->half_close();
    BOOST_TEST(peer->closed());
    BOOST_TEST(victim.log.await("connection lost"));
    BOOST_TEST(victim.log.count("reason=") == 1u);
  }
  auto peer = victim.let_in();
  BOOST_TEST(peer->say(header_for(payload), payload));
  victim.bell.wait();
  std::vector<Frame> got;
  BOOST_TEST(victim.under->receive(got, 10) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
