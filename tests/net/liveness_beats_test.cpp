#include <boost/test/unit_test.hpp>

#include <leat/net/liveness.hpp>

using leat::wire::Liveness;
using Due = Liveness::Due;

BOOST_AUTO_TEST_SUITE(liveness_beats)

BOOST_AUTO_TEST_CASE(who_writes_owes_no_sign_and_who_does_not_owes_one_each_beat) {
  Liveness liveness;
  for (int i = 0; i < 10; ++i) {
    liveness.heard();
    liveness.wrote();
    liveness.wrote();
    BOOST_TEST((liveness.beat() == Due::nothing));
    liveness.heard();
    BOOST_TEST((liveness.beat() == Due::sign));
  }
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_silent_for_four_beats_is_given_up_and_not_before) {
  Liveness liveness;
  for (int again = 0; again < 3; ++again) {
    liveness.heard();
    for (int beat = 0; beat < 4; ++beat)
      BOOST_TEST((liveness.beat() == Due::sign));
  }
  BOOST_TEST((liveness.beat() == Due::end));
}

BOOST_AUTO_TEST_CASE(to_write_without_being_heard_does_not_help) {
  Liveness liveness;
  for (int beat = 0; beat < 3; ++beat) {
    liveness.wrote();
    BOOST_TEST((liveness.beat() == Due::nothing));
  }
  liveness.wrote();
  BOOST_TEST((liveness.beat() == Due::end));
}

BOOST_AUTO_TEST_SUITE_END()
