#include <boost/test/unit_test.hpp>

#include <leat/diagnosis/stuck_watch.hpp>

using namespace leat;

namespace {

JobSnapshot at(double seconds, std::uint64_t moves, Activity now = Activity::later) {
  JobSnapshot snapshot;
  snapshot.seconds = seconds;
  snapshot.stages = {"poll"};
  CellSnapshot cell;
  cell.stages = {0};
  cell.stage_ns = {0};
  cell.now = now;
  cell.moves = moves;
  cell.at = 0;
  cell.times[static_cast<std::size_t>(now)] = static_cast<std::uint64_t>(seconds * 1e9);
  snapshot.cells.push_back(cell);
  return snapshot;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stuck_watch)

BOOST_AUTO_TEST_CASE(what_has_not_moved_for_thirty_seconds_is_said_once_with_its_cause) {
  StuckWatch watch;
  for (int second = 0; second < 30; ++second) BOOST_TEST(!watch.look(at(second, 1)));
  auto said = watch.look(at(30, 1));
  BOOST_REQUIRE(said);
  BOOST_TEST(said->stuck);
  BOOST_TEST(said->stage == "poll");
  BOOST_TEST(!watch.look(at(31, 1)));
  BOOST_TEST(!watch.look(at(100, 1)));
}

BOOST_AUTO_TEST_CASE(it_is_said_again_after_something_has_moved) {
  StuckWatch watch;
  watch.look(at(0, 1));
  BOOST_TEST(bool(watch.look(at(31, 1))));
  BOOST_TEST(!watch.look(at(32, 2)));
  BOOST_TEST(!watch.look(at(61, 2)));
  BOOST_TEST(bool(watch.look(at(63, 2))));
}

BOOST_AUTO_TEST_CASE(one_long_visit_is_busy) {
  StuckWatch watch;
  for (int second = 0; second < 100; ++second) BOOST_TEST(!watch.look(at(second, 1, Activity::visit)));
}

BOOST_AUTO_TEST_SUITE_END()
