// What the node that sends makes of a peer that tells it nonsense: refused with one line, and dialled again.
#include <future>

#include <poll.h>

#include <leat/net/asio.hpp>

#include "raw_peer.hpp"
#include "stream_of_chunks.hpp"

using namespace leat;
using testing::RawPeer;
using wire::Header;
using wire::FrameKind;

namespace {

constexpr std::uint32_t kChannel = 7;
constexpr Amount kWindow{64 * 1024, 4};

// The test is node 1, and takes the connections of node 0, which has one channel to it.
class Upper {
 public:
  explicit Upper(std::chrono::milliseconds patience = std::chrono::seconds(20))
      : acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}) {
    timeval longest{20, 0};
    ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    DataPlane::Options options;
    options.log = log.log();
    options.beat = std::chrono::hours(1);
    options.handshake_within = patience;
    plane_ = testing::opened(std::move(options));
    JobWiring wiring;
    wiring.job = 5;
    wiring.epoch = 3;
    wiring.token = "the right token, 32 bytes of it!";
    wiring.nodes = {plane_->endpoint(), {"127.0.0.1", acceptor_.local_endpoint().port()}};
    wiring.reconnect_within = patience;
    wiring.lost = [this](std::uint32_t, Error error) { lost.set_value(std::move(error)); };
    links_ = plane_->links(std::move(wiring));
    sender = links_->sender(testing::bytes_channel(kChannel, 1, kWindow), bell.wake());
    links_->start();
  }
  ~Upper() { links_.reset(); }

  // Its next connection, once its HELLO is heard.
  std::unique_ptr<RawPeer> called() {
    int accepted = ::accept(acceptor_.native_handle(), nullptr, nullptr);
    BOOST_REQUIRE(accepted >= 0);
    auto peer = std::make_unique<RawPeer>(accepted);
    auto hello = peer->hear(72);
    BOOST_REQUIRE(hello.has_value());
    BOOST_REQUIRE(wire::decode_hello(*hello).ok());
    return peer;
  }
  // True when it calls within some milliseconds.
  bool calls() {
    pollfd wanted{acceptor_.native_handle(), POLLIN, 0};
    return ::poll(&wanted, 1, 20) > 0;
  }
  std::unique_ptr<RawPeer> welcomed() {
    auto peer = called();
    BOOST_REQUIRE(peer->say(wire::encode_welcome(1)));
    return peer;
  }
  // Waits for credit.
  void send(std::uint64_t number) {
    Frame frame;
    frame.sequence = number;
    frame.chunk = testing::numbered_chunk(*pool_, number, 100);
    while (sender->send(std::span(&frame, 1)) == 0)
      bell.wait();
  }

  testing::LogLines log;
  testing::WakeBell bell;
  std::promise<Error> lost;
  std::unique_ptr<Sender> sender;

 private:
  std::shared_ptr<Pool> pool_ = Pool::make();
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::unique_ptr<DataPlane> plane_;
  std::unique_ptr<JobLinks> links_;
};

Header credit(std::uint64_t received, Amount limit = kWindow) {
  Header out;
  out.kind = FrameKind::credit;
  out.channel = kChannel;
  out.epoch = 3;
  out.position = received;
  out.sequence = limit.bytes;
  out.chunks = limit.chunks;
  return out;
}

// The next frame that comes, which must be number `position`.
void hears(RawPeer& peer, std::uint64_t position) {
  auto header = peer.hear_frame();
  BOOST_REQUIRE(header.has_value());
  BOOST_TEST((header->kind == FrameKind::data));
  BOOST_TEST(header->position == position);
  BOOST_TEST(header->sequence == position);
  auto payload = peer.hear(header->slice);
  BOOST_REQUIRE(payload.has_value());
  BOOST_TEST(wire::crc32c(*payload) == header->payload_crc);
}

// A good first credit, then one that `change` spoils.
void refuses(const std::string& why, const std::function<void(Header&)>& change) {
  BOOST_TEST_CONTEXT(why) {
    Upper upper;
    auto peer = upper.welcomed();
    upper.send(0);
    BOOST_REQUIRE(peer->say(credit(0)));
    hears(*peer, 0);
    Header header = credit(0);
    change(header);
    peer->say(header);
    BOOST_TEST(peer->closed());
    BOOST_TEST(upper.log.await("warning connection closed peer=node 1 at 127.0.0.1:"), upper.log.all());
    BOOST_TEST(upper.log.count(why) == 1u, upper.log.all());
    auto again = upper.welcomed();
    BOOST_REQUIRE(again->say(credit(0)));
    hears(*again, 0);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(upper_end)

BOOST_AUTO_TEST_CASE(what_comes_up_is_held_against_what_went_down) {
  refuses("data on a connection that carries it the other way", [](Header& h) {
    h = {};
    h.kind = FrameKind::done;
    h.channel = kChannel;
    h.epoch = 3;
  });
  refuses("credit for a channel that is not here, channel 8", [](Header& h) { h.channel = 8; });
  refuses("credit of another epoch", [](Header& h) { h.epoch = 4; });
  refuses("a receipt for frames that were not sent", [](Header& h) { h.position = 2; });
  auto beyond = [](Header& h, std::uint64_t bytes, std::uint64_t chunks) {
    h.sequence = bytes;
    h.chunks = chunks;
  };
  refuses("more credit than there can be", [&](Header& h) { beyond(h, ~0ull, 4); });
  refuses("more credit than there can be", [&](Header& h) { beyond(h, kWindow.bytes, 6); });
}

BOOST_AUTO_TEST_CASE(what_was_not_received_is_sent_again_and_nothing_else) {
  Upper upper;
  auto first = upper.welcomed();
  for (std::uint64_t number : {0, 1, 2})
    upper.send(number);
  BOOST_REQUIRE(first->say(credit(0)));
  for (std::uint64_t number : {0, 1, 2})
    hears(*first, number);
  first.reset();
  auto second = upper.welcomed();
  BOOST_REQUIRE(second->say(credit(1)));
  hears(*second, 1);
  hears(*second, 2);
  upper.send(3);
  hears(*second, 3);
  second.reset();
  // Nothing is written before the peer has said where to go on.
  auto third = upper.welcomed();
  BOOST_REQUIRE(third->say(credit(4, {kWindow.bytes, 8})));
  upper.send(4);
  hears(*third, 4);
}

BOOST_AUTO_TEST_CASE(a_receipt_that_is_taken_back_is_refused) {
  Upper upper;
  auto first = upper.welcomed();
  upper.send(0);
  upper.send(1);
  BOOST_REQUIRE(first->say(credit(0)));
  hears(*first, 0);
  hears(*first, 1);
  BOOST_REQUIRE(first->say(credit(1)));
  first->half_close();
  BOOST_TEST(first->closed());
  auto second = upper.welcomed();
  second->say(credit(0));
  BOOST_TEST(second->closed());
  BOOST_TEST(upper.log.await("a receipt taken back, channel 7"), upper.log.all());
  auto third = upper.welcomed();
  BOOST_REQUIRE(third->say(credit(1)));
  hears(*third, 1);
}

BOOST_AUTO_TEST_CASE(a_cell_without_credit_is_woken_once_there_is_some) {
  Upper upper;
  auto peer = upper.welcomed();
  for (std::uint64_t number : {0, 1, 2, 3})
    upper.send(number);
  Frame frame;
  frame.sequence = 4;
  auto pool = Pool::make();
  frame.chunk = testing::numbered_chunk(*pool, 4, 100);
  BOOST_TEST(upper.sender->send(std::span(&frame, 1)) == 0u);
  BOOST_REQUIRE(peer->say(credit(0)));
  for (std::uint64_t number : {0, 1, 2, 3})
    hears(*peer, number);
  BOOST_REQUIRE(peer->say(credit(4, {kWindow.bytes, 8})));
  upper.bell.wait();
  BOOST_TEST(upper.sender->send(std::span(&frame, 1)) == 1u);
  hears(*peer, 4);
}

BOOST_AUTO_TEST_CASE(a_welcome_that_is_none_loses_the_peer_with_the_reason) {
  auto loses = [](const std::string& why, const std::vector<std::byte>& words) {
    BOOST_TEST_CONTEXT(why) {
      Upper upper(std::chrono::milliseconds(300));
      auto lost = upper.lost.get_future();
      // Each time it calls it hears the same, until it has given up.
      while (lost.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        if (!upper.calls()) continue;
        auto peer = upper.called();
        peer->say(words);
        BOOST_TEST(peer->closed());
      }
      auto error = lost.get();
      BOOST_TEST(error.sentence.find(why) != std::string::npos, error.sentence);
    }
  };
  auto other_version = wire::encode_welcome(1);
  other_version[4] = std::byte{9};
  loses("it has 2 of the 1 channels to it", wire::encode_welcome(2));
  loses("garbage instead of a welcome", std::vector<std::byte>(wire::kWelcome));
  loses("protocol version 9", other_version);
}

BOOST_AUTO_TEST_SUITE_END()
