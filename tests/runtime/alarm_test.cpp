// The alarm clock: what is set is called, in the order of its times, and only once.
#include <semaphore>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <leat/runtime/alarm.hpp>

using namespace leat;

BOOST_AUTO_TEST_SUITE(alarm)

BOOST_AUTO_TEST_CASE(a_time_that_is_set_once_the_one_before_has_come_comes_too) {
  Alarm alarm;
  std::counting_semaphore<> rung{0};
  auto number = alarm.add([&] { rung.release(); });
  for (int i = 0; i < 3; ++i) {
    alarm.set(number, Alarm::Clock::now() + std::chrono::milliseconds(1));
    BOOST_TEST(rung.try_acquire_for(std::chrono::seconds(10)));
  }
  BOOST_TEST(!rung.try_acquire());
}

BOOST_AUTO_TEST_CASE(what_is_earlier_comes_first_and_what_is_taken_back_does_not_come) {
  Alarm alarm;
  std::counting_semaphore<> last{0};
  std::vector<int> order;
  auto now = Alarm::Clock::now();
  std::size_t numbers[4];
  for (int i = 0; i < 4; ++i) {
    numbers[i] = alarm.add([&, i] {
      order.push_back(i);
      if (i == 0) last.release();
    });
  }
  alarm.set(numbers[3], now + std::chrono::hours(1));
  alarm.set(numbers[0], now + std::chrono::milliseconds(30));
  alarm.set(numbers[1], now + std::chrono::milliseconds(20));
  alarm.set(numbers[2], now + std::chrono::milliseconds(10));
  alarm.set(numbers[2], Alarm::Clock::time_point::max());
  BOOST_TEST(last.try_acquire_for(std::chrono::seconds(10)));
  BOOST_TEST(order == (std::vector<int>{1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
