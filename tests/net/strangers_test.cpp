// Who says nothing, or says HELLO for a job that never comes, as often as it likes: peers get in all the same.
#include <optional>

#include <leat/net/tls_context.hpp>

#include "net/made_certificates.hpp"

#include "raw_peer.hpp"
#include "stream_of_chunks.hpp"

using namespace leat;
using testing::RawPeer;

namespace {

constexpr std::size_t kPlaces = 4;

DataPlane::Options options(testing::LogLines& log, std::chrono::milliseconds pending_stay, std::optional<Credentials> tls) {
  DataPlane::Options out;
  out.tls = std::move(tls);
  out.log = log.log();
  out.pending = kPlaces;
  out.pending_stay = pending_stay;
  out.handshake_within = std::chrono::seconds(20);
  return out;
}

// A node that few strangers fill, and another; job 1 from the second to the first, not started yet.
struct Besieged {
  explicit Besieged(std::chrono::milliseconds pending_stay = {}, std::optional<Credentials> tls = {})
      : plane(testing::opened(options(log, pending_stay, tls))), friendly(testing::opened(options(other_log, {}, tls))) {
    links = plane->links(wiring(0));
    friendly_links = friendly->links(wiring(1));
    receiver = links->receiver(testing::bytes_channel(1, 1), Pool::make(), down.wake());
    sender = friendly_links->sender(testing::bytes_channel(1, 0), up.wake());
  }
  JobWiring wiring(std::uint32_t me) const {
    JobWiring out;
    out.job = 1;
    out.epoch = 3;
    out.token = "the right token, 32 bytes of it!";
    out.me = me;
    out.nodes = {plane->endpoint(), friendly->endpoint()};
    return out;
  }
  wire::Hello hello() const { return {1, 3, 1, 0, 1, wiring(1).token}; }
  void strangers(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      silent.push_back(std::make_unique<RawPeer>(plane->endpoint()));
  }
  // The job goes from its beginning to its end.
  void runs(std::uint64_t reconnects = 0) {
    links->start();
    friendly_links->start();
    auto pool = Pool::make();
    std::thread upper([&] { testing::send_stream(*sender, up, 20, *pool); });
    auto got = testing::receive_stream(*receiver, down);
    upper.join();
    BOOST_TEST(got.chunks == 20u);
    BOOST_TEST(got.astray == 0u);
    BOOST_TEST(links->traffic()[0].reconnects == reconnects);
  }

  testing::LogLines log, other_log;
  testing::WakeBell up, down;
  std::unique_ptr<DataPlane> plane, friendly;
  std::unique_ptr<JobLinks> links, friendly_links;
  std::unique_ptr<Receiver> receiver;
  std::unique_ptr<Sender> sender;
  std::vector<std::unique_ptr<RawPeer>> silent;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(strangers)

BOOST_AUTO_TEST_CASE(of_the_silent_the_oldest_goes_and_a_peer_gets_in) {
  Besieged besieged;
  besieged.strangers(5 * kPlaces);
  for (std::size_t i = 0; i < 4 * kPlaces; ++i)
    BOOST_TEST(besieged.silent[i]->closed());
  BOOST_TEST(besieged.log.await("it was the first"));
  besieged.runs();
}

BOOST_AUTO_TEST_CASE(a_peer_that_waits_for_its_job_keeps_its_place_among_strangers) {
  Besieged besieged;
  RawPeer early(besieged.plane->endpoint());
  BOOST_REQUIRE(early.say(wire::encode(besieged.hello())));
  besieged.strangers(10 * kPlaces);
  BOOST_TEST(besieged.silent[9 * kPlaces - 1]->closed());
  besieged.links->start();
  BOOST_TEST(early.hear(wire::kWelcome).has_value());
}

BOOST_AUTO_TEST_CASE(of_those_that_wait_for_jobs_the_oldest_goes_too) {
  Besieged besieged;
  std::vector<std::unique_ptr<RawPeer>> made_up;
  auto hello = besieged.hello();
  for (std::size_t i = 0; i < 5 * kPlaces; ++i) {
    hello.job = 1000 + i;
    made_up.push_back(std::make_unique<RawPeer>(besieged.plane->endpoint()));
    BOOST_REQUIRE(made_up.back()->say(wire::encode(hello)));
  }
  for (std::size_t i = 0; i < 4 * kPlaces; ++i)
    BOOST_TEST(made_up[i]->closed());
  BOOST_TEST(besieged.log.await("others wait for their jobs too"));
  besieged.runs();
}

BOOST_AUTO_TEST_CASE(nobody_loses_its_place_before_it_had_its_time) {
  Besieged besieged(std::chrono::hours(1));
  besieged.strangers(kPlaces - 1);
  RawPeer slow(besieged.plane->endpoint());
  auto hello = wire::encode(besieged.hello());
  BOOST_REQUIRE(slow.say(std::span(hello).first(20)));
  besieged.strangers(10 * kPlaces);
  besieged.links->start();
  BOOST_REQUIRE(slow.say(std::span(hello).subspan(20)));
  BOOST_TEST(slow.hear(wire::kWelcome).has_value());
  // Whoever waited in the system's queue is taken as others leave.
  besieged.silent.clear();
  besieged.runs(1);
}

BOOST_AUTO_TEST_CASE(who_has_shown_a_certificate_does_not_compete_with_strangers) {
  testing::Certificates certificates;
  Besieged besieged({}, certificates.credentials());
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::make_address("127.0.0.1"), besieged.plane->endpoint().port});
  timeval longest{20, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  asio::ssl::stream<asio::ip::tcp::socket> known(std::move(socket), *tests::must(mutual_tls(certificates.credentials())));
  known.handshake(asio::ssl::stream_base::client);
  besieged.strangers(10 * kPlaces);
  BOOST_TEST(besieged.silent[9 * kPlaces - 1]->closed());
  besieged.links->start();
  asio::write(known, asio::buffer(wire::encode(besieged.hello())));
  std::array<std::byte, wire::kWelcome> welcome{};
  boost::system::error_code error;
  asio::read(known, asio::buffer(welcome.data(), welcome.size()), error);
  BOOST_TEST(!error, error.message());
  BOOST_TEST(wire::decode_welcome(welcome).ok());
}

BOOST_AUTO_TEST_CASE(strangers_without_number_take_few_lines_of_the_log) {
  Besieged besieged;
  besieged.strangers(50 * kPlaces);
  BOOST_TEST(besieged.silent[49 * kPlaces - 1]->closed());
  BOOST_TEST(besieged.log.count("connection refused") == 1u, besieged.log.all());
  besieged.runs();
  besieged.links.reset();
  besieged.plane.reset();
  BOOST_TEST(besieged.log.count("reason=others came") == 2u, besieged.log.all());
  BOOST_TEST(besieged.log.count("more=and ") == 1u, besieged.log.all());
}

BOOST_AUTO_TEST_SUITE_END()
