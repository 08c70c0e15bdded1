#include <leat/actors/regression/student_t.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace leat;

BOOST_AUTO_TEST_SUITE(student_t)

BOOST_AUTO_TEST_CASE(p_is_the_distributions) {
  const auto near = boost::test_tools::tolerance(1e-13);
  // With one degree of freedom 1 - 2 atan(t) / pi, with two 1 - t / sqrt(2 + t^2).
  for (double t : {1e-9, 0.1, 1.0, 3.0, 20.0}) {
    BOOST_TEST(two_sided_p(t, 1) == 2 * std::atan(1 / t) / M_PI, near);
    double root = std::sqrt(2 + t * t);
    BOOST_TEST(two_sided_p(-t, 2) == 2 / (root * (root + t)), near);
  }
  // With many it is the normal one.
  BOOST_TEST(two_sided_p(1.5, 1e12) == std::erfc(1.5 / std::sqrt(2)), boost::test_tools::tolerance(1e-10));
  BOOST_TEST(two_sided_p(0, 5) == 1.0);
}

BOOST_AUTO_TEST_CASE(what_is_not_defined_is_nan_and_what_is_exact_is_certain) {
  BOOST_TEST(two_sided_p(INFINITY, 3) == 0.0);
  BOOST_TEST(two_sided_p(1e200, 3) == 0.0);
  BOOST_TEST(std::isnan(two_sided_p(NAN, 3)));
  BOOST_TEST(std::isnan(two_sided_p(1, 0)));
}

BOOST_AUTO_TEST_SUITE_END()
