#include <boost/test/unit_test.hpp>

#include <leat/runtime/cell_activity.hpp>

#include <atomic>
#include <numeric>
#include <random>
#include <thread>

using namespace leat;

namespace {

using Clock = CellActivity::Clock;
using std::chrono::nanoseconds;

constexpr Clock::time_point kBegin{nanoseconds(1'000'000)};
Clock::time_point at(std::int64_t ns) { return kBegin + nanoseconds(ns); }

std::uint64_t time_of(const CellActivity::Reading& reading, Activity activity) {
  return reading.times[static_cast<std::size_t>(activity)];
}
std::uint64_t sum(const CellActivity::Reading& reading) {
  return std::accumulate(reading.times.begin(), reading.times.end(), std::uint64_t{0});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cell_activity)

BOOST_AUTO_TEST_CASE(what_goes_on_is_in_the_times_already) {
  CellActivity activity({4, 5}, kBegin);
  activity.become(Activity::visit, 1, at(10));
  auto reading = activity.read(at(50));
  BOOST_TEST((reading.now == Activity::visit));
  BOOST_TEST(reading.for_ns == 40u);
  BOOST_TEST(time_of(reading, Activity::input) == 10u);
  BOOST_TEST(time_of(reading, Activity::visit) == 40u);
  BOOST_TEST(reading.stage_ns[0] == 0u);
  BOOST_TEST(reading.stage_ns[1] == 40u);
}

BOOST_AUTO_TEST_CASE(a_rest_is_over_when_the_cell_is_woken_and_from_then_on_it_is_ready) {
  CellActivity activity({0}, kBegin);
  activity.become(Activity::credit, 3, at(10));
  activity.woken(at(30));
  auto asleep = activity.read(at(70));
  BOOST_TEST((asleep.now == Activity::ready));
  BOOST_TEST(asleep.for_ns == 40u);
  BOOST_TEST(activity.resume(at(100)).count() == 20);
  auto reading = activity.read(at(100));
  BOOST_TEST(time_of(reading, Activity::credit) == 20u);
  BOOST_TEST(time_of(reading, Activity::ready) == 70u);
  BOOST_TEST((reading.now == Activity::move));
  BOOST_TEST(sum(reading) == 100u);
}

BOOST_AUTO_TEST_CASE(a_cell_that_has_ended_grows_no_older) {
  CellActivity activity({0}, kBegin);
  activity.become(Activity::visit, 0, at(10));
  activity.end(at(20));
  auto reading = activity.read(at(1000));
  BOOST_TEST(reading.ended);
  BOOST_TEST(sum(reading) == 20u);
}

BOOST_AUTO_TEST_CASE(whenever_it_is_read_the_times_add_up_to_its_age) {
  auto begun = Clock::now();
  CellActivity activity({0, 1, 2}, begun);
  std::atomic<bool> over{false};
  std::atomic<int> changes{0};
  std::thread cell([&] {
    std::mt19937 random(7);
    while (!over) {
      auto what = static_cast<Activity>(random() % kActivities);
      activity.become(what, random() % 3, Clock::now());
      if (random() % 4 == 0) activity.woken(Clock::now());
      if (random() % 2 == 0) activity.resume(Clock::now());
      ++changes;
    }
  });
  std::uint64_t before = 0;
  int wrong = 0;
  for (int i = 0; i < 20'000 || changes < 1000; ++i) {
    auto now = Clock::now();
    auto reading = activity.read(now);
    auto age = static_cast<std::uint64_t>((Clock::now() - begun).count());
    // Who changes it after the clock was read makes it older than that, but not older than it is by then.
    bool right = sum(reading) >= static_cast<std::uint64_t>((now - begun).count()) && sum(reading) <= age && sum(reading) >= before;
    wrong += right ? 0 : 1;
    before = sum(reading);
  }
  over = true;
  cell.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
