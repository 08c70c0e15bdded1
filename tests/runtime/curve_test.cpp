#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <leat/runtime/curve.hpp>

#include <algorithm>
#include <limits>

using namespace leat;

BOOST_AUTO_TEST_SUITE(curve)

BOOST_AUTO_TEST_CASE(few_samples_are_all_kept) {
  Curve curve;
  for (int i = 0; i < 100; ++i) curve.add({double(i), 2.0 * i});
  auto samples = curve.samples();
  BOOST_REQUIRE(samples.size() == 100u);
  for (int i = 0; i < 100; ++i) BOOST_TEST((samples[static_cast<std::size_t>(i)] == Sample{double(i), 2.0 * i}));
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_left_out) {
  Curve curve;
  curve.add({1, std::numeric_limits<double>::quiet_NaN()});
  curve.add({std::numeric_limits<double>::infinity(), 1});
  BOOST_TEST(curve.samples().empty());
}

RC_BOOST_PROP(of_many_samples_some_are_kept_evenly_and_the_first_and_the_last, ()) {
  auto count = *rc::gen::inRange<std::uint64_t>(1, 60'000);
  Curve curve;
  for (std::uint64_t i = 0; i < count; ++i) curve.add({double(i), 0});
  auto samples = curve.samples();
  RC_ASSERT(samples.size() <= Curve::kMost);
  RC_ASSERT(samples.size() >= std::min<std::uint64_t>(count, Curve::kMost / 2 - 1));
  RC_ASSERT(samples.front().x == 0);
  RC_ASSERT(samples.back().x == double(count - 1));
  double apart = samples.size() > 1 ? samples[1].x : 0;
  for (std::size_t i = 1; i + 1 < samples.size(); ++i) RC_ASSERT(samples[i].x - samples[i - 1].x == apart);
}

BOOST_AUTO_TEST_SUITE_END()
