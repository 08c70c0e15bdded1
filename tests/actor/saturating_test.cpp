#include <boost/test/unit_test.hpp>

#include <leat/actor/credit.hpp>

using namespace leat;

BOOST_AUTO_TEST_SUITE(saturating)

BOOST_AUTO_TEST_CASE(sums_and_products_stop_where_they_would_wrap) {
  std::uint64_t half = std::uint64_t{1} << 63;
  BOOST_TEST(plus(1, 2) == 3u);
  BOOST_TEST(plus(half, half - 1) == kBoundless);
  BOOST_TEST(plus(half, half) == kBoundless);
  BOOST_TEST(plus(kBoundless, 1) == kBoundless);
  BOOST_TEST(plus(kBoundless, kBoundless) == kBoundless);
  BOOST_TEST(times(3, 4) == 12u);
  BOOST_TEST(times(half, 1) == half);
  BOOST_TEST(times(half, 2) == kBoundless);
  BOOST_TEST(times(std::uint64_t{1} << 62, 4) == kBoundless);
  BOOST_TEST(times(kBoundless, 0) == 0u);
}

BOOST_AUTO_TEST_CASE(a_window_without_end_lets_everything_pass_for_ever) {
  Amount endless{kBoundless, kBoundless};
  SenderCredit sender(endless);
  ReceiverCredit receiver(endless);
  for (int i = 0; i < 100; ++i) {
    Amount chunk{std::uint64_t{1} << 20, 1};
    BOOST_REQUIRE(sender.allows(chunk));
    sender.charge(chunk);
    BOOST_REQUIRE(receiver.receive(chunk));
    receiver.consume(chunk);
    if (auto limit = receiver.announce(true)) sender.announced(*limit);
  }
  BOOST_TEST(sender.sent().bytes == std::uint64_t{100} << 20);
  BOOST_TEST(receiver.outstanding().bytes == 0u);
}

BOOST_AUTO_TEST_CASE(a_window_near_the_largest_number_lets_chunks_pass_when_credit_returns) {
  Amount wide{kBoundless - 10, kBoundless - 1};
  SenderCredit sender(wide);
  ReceiverCredit receiver(wide);
  for (int i = 0; i < 100; ++i) {
    BOOST_REQUIRE(sender.allows({1000, 1}));
    sender.charge({1000, 1});
    BOOST_REQUIRE(receiver.receive({1000, 1}));
    receiver.consume({1000, 1});
    if (auto limit = receiver.announce(true)) sender.announced(*limit);
  }
}

BOOST_AUTO_TEST_SUITE_END()
