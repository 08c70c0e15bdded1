/// Student's t distribution: how probable a t value as far from 0 is by chance.
///
///   leat::two_sided_p(2.228, 10)     // 0.05
///
/// Contract. P(|T| >= |t|) by the regularised incomplete beta function (W. S. Gosset, 1908; Boost.Math).
/// 0 for an infinite t; NaN for NaN, or without degrees of freedom. Threads: no state.
#pragma once

namespace leat {

double two_sided_p(double t, double degrees);

}  // namespace leat
