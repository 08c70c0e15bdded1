#include <boost/test/unit_test.hpp>

#include <leat/net/pulse.hpp>

using leat::wire::Pulse;
using Due = Pulse::Due;

BOOST_AUTO_TEST_SUITE(pulse)

BOOST_AUTO_TEST_CASE(who_writes_owes_no_sign_and_who_does_not_owes_one_each_beat) {
  Pulse pulse;
  for (int i = 0; i < 10; ++i) {
    pulse.heard();
    pulse.wrote();
    pulse.wrote();
    BOOST_TEST((pulse.beat() == Due::nothing));
    pulse.heard();
    BOOST_TEST((pulse.beat() == Due::sign));
  }
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_silent_for_four_beats_is_given_up_and_not_before) {
  Pulse pulse;
  for (int again = 0; again < 3; ++again) {
    pulse.heard();
    for (int beat = 0; beat < 4; ++beat)
      BOOST_TEST((pulse.beat() == Due::sign));
  }
  BOOST_TEST((pulse.beat() == Due::end));
}

BOOST_AUTO_TEST_CASE(to_write_without_being_heard_does_not_help) {
  Pulse pulse;
  for (int beat = 0; beat < 3; ++beat) {
    pulse.wrote();
    BOOST_TEST((pulse.beat() == Due::nothing));
  }
  pulse.wrote();
  BOOST_TEST((pulse.beat() == Due::end));
}

BOOST_AUTO_TEST_SUITE_END()
