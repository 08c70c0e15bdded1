// Silence is judged by time listened, so that a pause of one's own is not taken for another's.
#include <boost/test/unit_test.hpp>

#include <leat/cluster/listening_clock.hpp>

using namespace leat;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(listening_clock)

BOOST_AUTO_TEST_CASE(it_goes_with_the_time_while_it_is_asked) {
  ListeningClock clock(3000ms);
  auto first = clock.at(10'000ms);
  BOOST_TEST((first > 0ms));
  for (auto now = 10'100ms; now <= 13'000ms; now += 100ms) BOOST_TEST((clock.at(now) - first == now - 10'000ms));
}

BOOST_AUTO_TEST_CASE(a_pause_of_any_length_is_no_silence) {
  for (auto pause : {4000ms, 10'000ms, 3'600'000ms}) {
    ListeningClock clock(3000ms);
    auto heard = clock.at(1000ms);
    BOOST_TEST((clock.at(1000ms + pause) - heard == 500ms));
  }
}

BOOST_AUTO_TEST_CASE(who_is_silent_after_a_pause_is_found_out_in_time) {
  ListeningClock clock(3000ms);
  auto heard = clock.at(1000ms);
  auto now = 9000ms;
  int ticks = 0;
  while (clock.at(now) - heard <= 3000ms) {
    now += 100ms;
    ++ticks;
  }
  BOOST_TEST(ticks == 26);
}

BOOST_AUTO_TEST_CASE(a_time_that_another_thread_read_earlier_does_not_turn_it_back) {
  ListeningClock clock(3000ms);
  clock.at(1000ms);
  auto later = clock.at(1100ms);
  BOOST_TEST((clock.at(1050ms) == later));
  BOOST_TEST((clock.at(1200ms) == later + 100ms));
}

BOOST_AUTO_TEST_SUITE_END()
