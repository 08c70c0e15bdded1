/// Double-double: a number as the unevaluated sum of two doubles, 31 decimal digits. What least squares
/// is computed in.
///
///   leat::DoubleDouble third = leat::DoubleDouble(1) / 3;
///   third.high                        // 0.333..., the nearest double
///   third * 3 - 1                     // 0 but for some 1e-32
///
/// Contract. Error-free sums by D. Knuth (1969) and T. J. Dekker (1971), products by a fused multiply-add,
/// the rest after Y. Hida, X. Li and D. Bailey, "Algorithms for quad-double precision floating point
/// arithmetic" (2001): each operation is right to a few units of 2^-104, as long as the low part does not
/// underflow. |low| is at most half a unit in the last place of high. NaN and infinity go through.
/// To be compiled without contraction of products and sums. Threads: plain values.
#pragma once

#include <cmath>

namespace leat {

struct DoubleDouble {
  double high = 0;
  double low = 0;

  constexpr DoubleDouble() = default;
  constexpr DoubleDouble(double number) : high(number) {}
  constexpr DoubleDouble(double h, double l) : high(h), low(l) {}
  explicit operator double() const { return high; }

  /// The sum of two doubles, exactly.
  static DoubleDouble sum(double a, double b) {
    double total = a + b;
    double part = total - a;
    return {total, (a - (total - part)) + (b - part)};
  }
  /// The same where |a| >= |b|.
  static DoubleDouble ordered_sum(double a, double b) {
    double total = a + b;
    return {total, b - (total - a)};
  }
  /// The product of two doubles, exactly.
  static DoubleDouble product(double a, double b) {
    double total = a * b;
    return {total, std::fma(a, b, -total)};
  }
};

inline DoubleDouble operator-(DoubleDouble a) { return {-a.high, -a.low}; }

inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
  DoubleDouble high = DoubleDouble::sum(a.high, b.high);
  DoubleDouble low = DoubleDouble::sum(a.low, b.low);
  high = DoubleDouble::ordered_sum(high.high, high.low + low.high);
  return DoubleDouble::ordered_sum(high.high, high.low + low.low);
}
inline DoubleDouble operator-(DoubleDouble a, DoubleDouble b) { return a + -b; }

inline DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
  DoubleDouble all = DoubleDouble::product(a.high, b.high);
  return DoubleDouble::ordered_sum(all.high, all.low + (a.high * b.low + a.low * b.high));
}

inline DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
  double first = a.high / b.high;
  DoubleDouble rest = a - b * first;
  double second = rest.high / b.high;
  rest = rest - b * second;
  return DoubleDouble::ordered_sum(first, second) + rest.high / b.high;
}

inline DoubleDouble& operator+=(DoubleDouble& a, DoubleDouble b) { return a = a + b; }
inline DoubleDouble& operator-=(DoubleDouble& a, DoubleDouble b) { return a = a - b; }

/// 0 for what is not above 0.
inline DoubleDouble sqrt(DoubleDouble a) {
  if (!(a.high > 0)) return {};
  double root = std::sqrt(a.high);
  DoubleDouble rest = a - DoubleDouble::product(root, root);
  return DoubleDouble::ordered_sum(root, rest.high / (2 * root));
}

/// a * 2^power, exactly.
inline DoubleDouble scaled(DoubleDouble a, int power) {
  return {std::ldexp(a.high, power), std::ldexp(a.low, power)};
}

}  // namespace leat
