#include <boost/test/unit_test.hpp>

#include <leat/actors/group/exact_sum.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace leat;

namespace {

WideSum wide_of(const std::vector<double>& numbers) {
  WideSum sum;
  for (double number : numbers) sum.add(number);
  return sum;
}

// As a group adds them up.
WideSum narrow_of(const std::vector<double>& numbers) {
  NarrowSum narrow;
  WideSum wide;
  for (double number : numbers) {
    if (NarrowSum::takes(number)) {
      narrow.add(number);
    } else {
      wide.add(number);
    }
  }
  wide.add(narrow);
  return wide;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exact_sum)

BOOST_AUTO_TEST_CASE(what_cancels_leaves_what_is_small) {
  BOOST_TEST(wide_of({1e308, 1, 1e-300, -1e308, -1}).value() == 1e-300);
  BOOST_TEST(narrow_of({1e308, 1, 1e-300, -1e308, -1}).value() == 1e-300);
  BOOST_TEST(narrow_of({1e17, 0.1, -1e17}).value() == 0.1);
  BOOST_TEST(narrow_of({}).value() == 0.0);
  double least = std::numeric_limits<double>::denorm_min();
  BOOST_TEST(wide_of({least, least, 1, -1}).value() == 2 * least);
  BOOST_TEST(wide_of({-least}).value() == -least);
}

BOOST_AUTO_TEST_CASE(a_sum_is_rounded_once_to_the_nearest_and_ties_to_even) {
  double ulp = std::ldexp(1, -52);
  BOOST_TEST(narrow_of({1, ulp / 2}).value() == 1.0);
  BOOST_TEST(narrow_of({1 + ulp, ulp / 2}).value() == 1 + 2 * ulp);
  BOOST_TEST(narrow_of({1, ulp / 2, std::ldexp(1, -90)}).value() == 1 + ulp);
  BOOST_TEST(narrow_of({1, ulp / 2, 1e-300}).value() == 1 + ulp);
  BOOST_TEST(narrow_of({-1, -ulp / 2, -1e-300}).value() == -1 - ulp);
  double greatest = std::numeric_limits<double>::max();
  BOOST_TEST(wide_of({greatest, greatest}).value() == HUGE_VAL);
  BOOST_TEST(wide_of({greatest, greatest}).mean(2) == greatest);
  BOOST_TEST(wide_of({-greatest, -greatest, -greatest}).mean(3) == -greatest);
}

BOOST_AUTO_TEST_CASE(order_does_not_matter_and_sums_are_those_of_113_bits_where_these_are_exact) {
  std::mt19937_64 random(7);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> numbers;
    __float128 expected = 0;
    for (int i = 0; i < 500; ++i) {
      auto digits = static_cast<double>(static_cast<std::int64_t>(random()));
      double number = std::ldexp(digits, -60 - static_cast<int>(random() % 30));
      numbers.push_back(number);
      expected += number;
    }
    double sum = narrow_of(numbers).value();
    BOOST_TEST(sum == static_cast<double>(expected));
    BOOST_TEST(sum == wide_of(numbers).value());
    std::shuffle(numbers.begin(), numbers.end(), random);
    BOOST_TEST(sum == narrow_of(numbers).value());
  }
}

BOOST_AUTO_TEST_CASE(numbers_of_any_size_add_up_the_same_in_any_order_and_any_parts) {
  std::mt19937_64 random(8);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> numbers;
    while (numbers.size() < 300) {
      double number = std::bit_cast<double>(random());
      if (std::isfinite(number)) numbers.push_back(number);
    }
    double sum = wide_of(numbers).value();
    std::shuffle(numbers.begin(), numbers.end(), random);
    WideSum parts = narrow_of({numbers.begin(), numbers.begin() + 100});
    parts.add(narrow_of({numbers.begin() + 100, numbers.end()}));
    BOOST_TEST(sum == parts.value());
  }
}

BOOST_AUTO_TEST_CASE(a_narrow_sum_takes_what_it_holds_whole) {
  BOOST_TEST(NarrowSum::takes(0.0));
  BOOST_TEST(NarrowSum::takes(-0.0));
  BOOST_TEST(NarrowSum::takes(std::ldexp(1, 59)));
  BOOST_TEST(!NarrowSum::takes(std::ldexp(1, 60)));
  BOOST_TEST(NarrowSum::takes(-std::ldexp(1, -44)));
  BOOST_TEST(!NarrowSum::takes(std::ldexp(1, -45)));
  BOOST_TEST(!NarrowSum::takes(HUGE_VAL));
  BOOST_TEST(!NarrowSum::takes(NAN));
  BOOST_TEST(!NarrowSum::takes(std::numeric_limits<double>::denorm_min()));
  NarrowSum sum;
  BOOST_TEST(!sum.nearly_full());
  sum.words = {0, 0, std::uint64_t{1} << 62};
  BOOST_TEST(sum.nearly_full());
  sum.words = {0, 0, ~(std::uint64_t{1} << 62)};
  BOOST_TEST(sum.nearly_full());
}

BOOST_AUTO_TEST_SUITE_END()
