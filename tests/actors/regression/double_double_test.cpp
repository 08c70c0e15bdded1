#include <leat/actors/regression/double_double.hpp>

#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <random>

using namespace leat;

namespace {

using Rational = boost::multiprecision::cpp_rational;

Rational exactly(DoubleDouble a) { return Rational(a.high) + Rational(a.low); }

bool near(DoubleDouble got, const Rational& wanted) {
  if (wanted == 0) return got.high == 0;
  return abs(static_cast<double>(Rational((exactly(got) - wanted) / wanted))) < 0x1p-100;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(double_double)

BOOST_AUTO_TEST_CASE(operations_are_right_to_thirty_digits) {
  bool holds = rc::check("sums, products, quotients and roots", [] {
    std::mt19937 generator(*rc::gen::inRange(0u, 1u << 30));
    std::normal_distribution<double> normal;
    auto some = [&] { return DoubleDouble::sum(normal(generator), 0x1p-54 * normal(generator)); };
    DoubleDouble a = some(), b = some();
    Rational x = exactly(a), y = exactly(b);
    RC_ASSERT(abs(static_cast<double>(Rational(exactly(a + b) - x - y))) < 0x1p-100);
    RC_ASSERT(near(a * b, x * y));
    RC_ASSERT(near(a / b, x / y));
    DoubleDouble root = sqrt(a * a);
    RC_ASSERT(near(root * root, exactly(a * a)));
    RC_ASSERT(near(scaled(a, -70), x / Rational(std::ldexp(1.0, 70))));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(what_cancels_leaves_the_low_part) {
  DoubleDouble third = DoubleDouble(1) / 3;
  BOOST_TEST(std::abs((third * 3 - 1).high) < 1e-31);
  BOOST_TEST((DoubleDouble(1e16) + 1 - 1e16).high == 1.0);
  BOOST_TEST(sqrt(DoubleDouble(-1)).high == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
