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
  progress.stages.push_back(StageProgress{.name = "read", .read = bytes, .to_read = 1000});
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
  BOOST_TEST(left->least == 0.8 * 40 * 0.65 / 0.35, boost::test_tools::tolerance(0.01));
  BOOST_TEST(left->most == 1.5 * 650 / 5.0 + 0.15 * 40, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(of_several_passes_the_one_that_goes_on_tells_and_before_it_has_begun_none_does) {
  auto passes = [](double seconds, std::uint64_t first, std::uint64_t second) {
    Progress progress = at(seconds, first);
    progress.stages.push_back(StageProgress{.name = "read again", .read = second, .to_read = 1000});
    return progress;
  };
  Pace pace;
  for (int second = 1; second <= 10; ++second) pace.look(passes(second, 100 * second, 3));
  BOOST_TEST(!pace.left());
  // Ten times as slow.
  for (int second = 11; second <= 40; ++second) pace.look(passes(second, 1000, 10 * (second - 10)));
  auto left = pace.left();
  BOOST_REQUIRE(bool(left));
  BOOST_TEST(left->least < 70);
  BOOST_TEST(left->most > 70);
  BOOST_TEST(left->most < 120);
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
  BOOST_TEST(time_left(progress)->least == 0.8 * 30, boost::test_tools::tolerance(0.01));
  progress.bytes_total = 0;
  BOOST_TEST(part_done(progress) == 0.25);
  progress.stages[1].work = 0;
  BOOST_TEST(part_done(progress) < 0);
}

BOOST_AUTO_TEST_SUITE_END()
