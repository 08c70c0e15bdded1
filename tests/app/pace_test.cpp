#include <boost/test/unit_test.hpp>

#include <leat/app/pace.hpp>

using namespace leat;

namespace {

Progress at(double seconds, std::uint64_t bytes, std::uint64_t rows = 0) {
  Progress progress;
  progress.seconds = seconds;
  progress.bytes = bytes;
  progress.bytes_total = 1000;
  progress.rows = rows;
  return progress;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(a_rate_is_that_of_the_last_ten_seconds) {
  Pace pace;
  for (int second = 1; second <= 100; ++second) pace.look(at(second, 1, second <= 80 ? 1000 * second : 80'000));
  BOOST_TEST(pace.rows_per_second() == 0);
  pace.look(at(101, 1, 80'100));
  BOOST_TEST(pace.rows_per_second() == 10, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(the_time_left_is_a_range_from_how_fast_it_was_to_how_fast_it_is) {
  Pace pace;
  for (int second = 1; second <= 40; ++second) pace.look(at(second, second <= 30 ? 10 * second : 300 + 5 * (second - 30)));
  auto left = pace.left();
  BOOST_REQUIRE(bool(left));
  BOOST_TEST(left->least == 40 * 0.65 / 0.35, boost::test_tools::tolerance(0.01));
  BOOST_TEST(left->most == 650 / 5.0, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(where_nothing_was_done_of_late_no_time_is_told) {
  Pace pace;
  for (int second = 1; second <= 60; ++second) pace.look(at(second, 400));
  BOOST_TEST(!pace.left());
  BOOST_TEST(!Pace().left());
}

BOOST_AUTO_TEST_CASE(no_more_is_done_than_a_stage_says_of_its_own_work) {
  Progress progress = at(10, 900);
  progress.stages.push_back(StageProgress{.name = "solve", .work_done = 3, .work = 12});
  BOOST_TEST(part_done(progress) == 0.25);
  progress.bytes_total = 0;
  BOOST_TEST(part_done(progress) == 0.25);
  progress.stages[0].work = 0;
  BOOST_TEST(part_done(progress) < 0);
}

BOOST_AUTO_TEST_SUITE_END()
