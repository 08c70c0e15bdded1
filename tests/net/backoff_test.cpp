#include <boost/test/unit_test.hpp>

#include <leat/net/backoff.hpp>

using leat::wire::Backoff;
using std::chrono::milliseconds;
using Clock = Backoff::Clock;

namespace {

Clock::time_point at(int ms) { return Clock::time_point(milliseconds(ms)); }

// Connected at 0 for the first time.
Backoff connected() {
  Backoff backoff(milliseconds(3000));
  backoff.first(at(10'000));
  backoff.connected(at(0));
  return backoff;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backoff)

BOOST_AUTO_TEST_CASE(each_break_of_a_useful_connection_starts_the_time_anew) {
  auto backoff = connected();
  BOOST_TEST((backoff.broken(at(100)) == at(3100)));
  backoff.connected(at(200));
  backoff.moved();
  BOOST_TEST((backoff.broken(at(900'000)) == at(903'000)), "long after the first deadline");
}

BOOST_AUTO_TEST_CASE(a_connection_that_moves_nothing_does_not) {
  auto backoff = connected();
  BOOST_TEST((backoff.broken(at(100)) == at(3100)));
  for (int now = 200; now < 3000; now += 100) {
    backoff.connected(at(now));
    BOOST_TEST((backoff.broken(at(now + 50)) == at(3100)));
  }
}

BOOST_AUTO_TEST_CASE(a_connection_that_lasted_in_silence_does_not_either) {
  auto backoff = connected();
  backoff.broken(at(100));
  backoff.connected(at(200));
  BOOST_TEST((backoff.broken(at(1500)) == at(3100)));
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_after_the_first_second_is_use_enough) {
  auto backoff = connected();
  backoff.broken(at(100));
  backoff.connected(at(200));
  backoff.heard(at(1200));
  BOOST_TEST((backoff.broken(at(1300)) == at(3100)), "that was within it");
  backoff.connected(at(1400));
  backoff.heard(at(2401));
  BOOST_TEST((backoff.broken(at(5000)) == at(8000)));
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_200_ms_and_begin_anew_once_connected) {
  auto backoff = connected();
  for (int round = 0; round < 2; ++round) {
    backoff.moved();
    backoff.broken(at(100));
    for (int ms : {5, 10, 20, 40, 80, 160, 200, 200})
      BOOST_TEST((backoff.pause(at(100)) == milliseconds(ms)));
    backoff.connected(at(2000));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_tried_that_would_begin_after_the_time) {
  auto backoff = connected();
  backoff.broken(at(0));
  BOOST_TEST((backoff.pause(at(2994)) == milliseconds(5)));
  BOOST_TEST(!backoff.pause(at(2990)).has_value());
}

BOOST_AUTO_TEST_CASE(to_connect_again_is_tried_for_a_second_at_a_time) {
  Backoff backoff(milliseconds(3000));
  backoff.first(at(10'000));
  BOOST_TEST((backoff.try_for(at(0), milliseconds(5000)) == milliseconds(5000)));
  BOOST_TEST((backoff.try_for(at(8000), milliseconds(5000)) == milliseconds(2000)));
  backoff.connected(at(9000));
  backoff.broken(at(20'000));
  BOOST_TEST((backoff.try_for(at(20'000), milliseconds(5000)) == milliseconds(1000)));
  BOOST_TEST((backoff.try_for(at(20'000), milliseconds(100)) == milliseconds(100)));
  BOOST_TEST((backoff.try_for(at(22'500), milliseconds(5000)) == milliseconds(500)));
}

BOOST_AUTO_TEST_CASE(a_first_connection_may_be_hurried_and_no_later_one) {
  Backoff backoff(milliseconds(3000));
  backoff.first(at(10'000));
  BOOST_TEST((backoff.hurry(at(20'000)) == at(10'000)), "never later");
  BOOST_TEST((backoff.hurry(at(4'000)) == at(4'000)));
  BOOST_TEST((backoff.try_for(at(1'000), milliseconds(5'000)) == milliseconds(3'000)));
  BOOST_TEST(!backoff.pause(at(4'000)));
  BOOST_TEST(!connected().hurry(at(1)));
}

BOOST_AUTO_TEST_SUITE_END()
