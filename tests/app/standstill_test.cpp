#include <boost/test/unit_test.hpp>

#include <leat/app/standstill.hpp>

using namespace leat;

namespace {

Progress at(double seconds, std::uint64_t visits, double later) {
  Progress progress;
  progress.seconds = seconds;
  progress.stages.resize(2);
  progress.stages[0].name = "read";
  progress.stages[0].visits = visits;
  progress.stages[1].name = "call";
  progress.stages[1].later = later;
  return progress;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standstill)

BOOST_AUTO_TEST_CASE(a_stage_that_nothing_calls_again_is_named_once) {
  Standstill standstill;
  BOOST_TEST(!standstill.look(at(1, 5, 0)));
  BOOST_TEST(!standstill.look(at(10, 5, 9)));
  auto said = standstill.look(at(11.5, 5, 10.5));
  BOOST_REQUIRE(said);
  BOOST_TEST(said->find("nothing has moved for 10 s: stage call has answered later") == 0u);
  BOOST_TEST(!standstill.look(at(30, 5, 29)));
  BOOST_TEST(!standstill.look(at(31, 6, 30)));
  BOOST_TEST(!!standstill.look(at(42, 6, 41)));
}

BOOST_AUTO_TEST_CASE(what_moves_or_waits_for_something_else_is_not_named) {
  Standstill standstill;
  for (int second = 1; second < 40; ++second) {
    BOOST_TEST(!standstill.look(at(second, static_cast<std::uint64_t>(second), second)));
  }
  Standstill other;
  for (int second = 1; second < 40; ++second) BOOST_TEST(!other.look(at(second, 5, 0)));
}

BOOST_AUTO_TEST_SUITE_END()
