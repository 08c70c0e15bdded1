#include <leat/actors/regression/student_t.hpp>

#include <boost/math/special_functions/beta.hpp>

#include <cmath>
#include <limits>

namespace leat {

double two_sided_p(double t, double degrees) {
  namespace policies = boost::math::policies;
  using Quiet = policies::policy<policies::promote_double<false>, policies::domain_error<policies::ignore_error>,
                                 policies::overflow_error<policies::ignore_error>,
                                 policies::evaluation_error<policies::ignore_error>>;
  if (std::isnan(t) || !(degrees > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(t)) return 0;
  double square = t * t;
  if (std::isinf(square)) return 0;
  if (square < degrees) return 1 - boost::math::ibeta(0.5, degrees / 2, square / (degrees + square), Quiet());
  return boost::math::ibeta(degrees / 2, 0.5, degrees / (degrees + square), Quiet());
}

}  // namespace leat
