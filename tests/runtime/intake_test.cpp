// The lower ends of an edge in one cell take turns.
#include <boost/test/unit_test.hpp>

#include <leat/runtime/intake.hpp>
#include <leat/runtime/local_link.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

BOOST_AUTO_TEST_SUITE(intake)

BOOST_AUTO_TEST_CASE(a_channel_that_always_has_more_starves_no_other) {
  auto pool = Pool::make();
  Amount window{1 << 20, 4};
  std::vector<LocalLink> links;
  std::vector<std::unique_ptr<Receiver>> receivers;
  for (int i = 0; i < 2; ++i) {
    links.push_back(local_link(
        window, [] {}, [] {}));
    receivers.push_back(std::move(links.back().receiver));
  }
  Intake intake(0, 0, false, false, std::move(receivers));
  auto refill = [&](std::size_t channel) {
    Frame frame;
    do {
      frame = {};
      frame.chunk = number(*pool, channel).chunk();
    } while (links[channel].sender->send(std::span(&frame, 1)) == 1);
  };
  refill(1);
  int seen = 0;
  for (int i = 0; i < 100; ++i) {
    refill(0);
    auto arrived = intake.next();
    BOOST_REQUIRE(arrived.frame);
    seen += arrived.channel == 1;
    intake.consumed(arrived.channel, arrived.frame->cost());
    intake.settle(true);
  }
  BOOST_TEST(seen == 4);
}

BOOST_AUTO_TEST_SUITE_END()
