#include <boost/test/unit_test.hpp>

#include <leat/runtime/job_state.hpp>

using namespace leat;

BOOST_AUTO_TEST_SUITE(gate)

BOOST_AUTO_TEST_CASE(a_gate_opens_when_the_last_replica_has_ended_and_says_so_once) {
  for (std::size_t replicas : {1, 2, 3, 8}) {
    Gate gate(replicas);
    for (std::size_t left = replicas; left > 0; --left) {
      BOOST_TEST(!gate.open());
      BOOST_TEST(gate.ended() == (left == 1));
    }
    BOOST_TEST(gate.open());
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_of_the_end_fails_the_job_and_not_the_process) {
  JobState state({{"only"}}, 1);
  state.on_finished = [] { throw 7; };
  state.start();
  state.cell_finished();
  BOOST_TEST(state.finished_within(0));
  BOOST_REQUIRE(state.failure());
  BOOST_TEST(state.failure()->thrown);
  BOOST_TEST(state.failure()->sentence.find("the end of the job could not be told: threw") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
