#include <leat/actors/expression/loops.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

namespace leat {
namespace {

using enum Operation;
using I = std::int64_t;
using U = std::uint64_t;

constexpr I kLeast = std::numeric_limits<I>::min();
constexpr const char* kTooLarge = "is more than an i64 holds";
constexpr const char* kZero = "divides by zero";

const char* too_large(I, I) { return kTooLarge; }
const char* zero_or_large(I, I b) { return b == 0 ? kZero : kTooLarge; }

// Overflow shows in the sign bit (H. Warren, "Hacker's Delight", 2003).
I sum(I a, I b, I& bad) {
  auto out = static_cast<I>(static_cast<U>(a) + static_cast<U>(b));
  bad |= (a ^ out) & (b ^ out);
  return out;
}
I difference(I a, I b, I& bad) {
  auto out = static_cast<I>(static_cast<U>(a) - static_cast<U>(b));
  bad |= (a ^ b) & (a ^ out);
  return out;
}
I product(I a, I b, I& bad) {
  I out = 0;
  if (__builtin_mul_overflow(a, b, &out)) bad = -1;
  return out;
}
I floored(I a, I b, I& bad) {
  if (b == 0 || (a == kLeast && b == -1)) {
    bad = -1;
    return 0;
  }
  I out = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? out - 1 : out;
}
I remainder(I a, I b, I& bad) {
  if (b == 0) {
    bad = -1;
    return 0;
  }
  if (b == -1) return 0;
  I out = a % b;
  return out != 0 && (out < 0) != (b < 0) ? out + b : out;
}

double floored(double a, double b) { return std::floor(a / b); }
// Of the divisor's sign.
double remainder(double a, double b) {
  double out = std::fmod(a, b);
  if (out != 0 && (out < 0) != (b < 0)) return out + b;
  return out == 0 ? std::copysign(out, b) : out;
}

void add_integers(KernelCall& call) { loops::two_checked<I, I, I>(call, sum, too_large); }
void subtract_integers(KernelCall& call) { loops::two_checked<I, I, I>(call, difference, too_large); }
void multiply_integers(KernelCall& call) { loops::two_checked<I, I, I>(call, product, too_large); }
// Divides by one positive number, towards the less: by multiplication (T. Granlund and P. Montgomery, "Division by
// invariant integers using multiplication", 1994). Of a negative one it is that of ~a, inverted.
class Divisor {
 public:
  explicit Divisor(I by) : by_(by), shift_(by == 1 ? 0 : 64 - __builtin_clzll(static_cast<U>(by - 1))) {
    auto all = static_cast<unsigned __int128>(1) << (63 + shift_);
    times_ = static_cast<U>((all + static_cast<U>(by) - 1) / static_cast<U>(by));
  }
  I quotient(I a) const {
    auto sign = static_cast<U>(a >> 63);
    auto product = static_cast<unsigned __int128>(static_cast<U>(a) ^ sign) * times_;
    return static_cast<I>(static_cast<U>(product >> (63 + shift_)) ^ sign);
  }
  // By wrapping numbers: what is taken off may be less than the least integer.
  I rest(I a) const { return static_cast<I>(static_cast<U>(a) - static_cast<U>(quotient(a)) * static_cast<U>(by_)); }

 private:
  I by_;
  int shift_;
  U times_;
};

// Of all rows, where there is one divisor for all that fails none.
template <class F>
bool by_one(KernelCall& call, F f) {
  if (!call.in[1].constant || call.in[0].constant || call.in[1].as<I>()[0] <= 0) return false;
  const Divisor divisor(call.in[1].as<I>()[0]);
  loops::one<I, I>(call, [&](I a) { return f(divisor, a); });
  return true;
}

void floor_integers(KernelCall& call) {
  if (by_one(call, [](const Divisor& by, I a) { return by.quotient(a); })) return;
  loops::two_checked<I, I, I>(call, [](I a, I b, I& bad) { return floored(a, b, bad); }, zero_or_large);
}
void modulo_integers(KernelCall& call) {
  if (by_one(call, [](const Divisor& by, I a) { return by.rest(a); })) return;
  loops::two_checked<I, I, I>(call, [](I a, I b, I& bad) { return remainder(a, b, bad); }, zero_or_large);
}

template <class F>
void reals(KernelCall& call, F f) { loops::two<double, double, double>(call, f); }
void floor_reals(KernelCall& call) { reals(call, [](double a, double b) { return floored(a, b); }); }
void modulo_reals(KernelCall& call) { reals(call, [](double a, double b) { return remainder(a, b); }); }
void power(KernelCall& call) { reals(call, [](double a, double b) { return std::pow(a, b); }); }

template <class F>
void real(KernelCall& call, F f) { loops::one<double, double>(call, f); }
void negate_reals(KernelCall& call) { real(call, [](double a) { return -a; }); }
void absolute_reals(KernelCall& call) { real(call, [](double a) { return std::fabs(a); }); }
void down(KernelCall& call) { real(call, [](double a) { return std::floor(a); }); }
void up(KernelCall& call) { real(call, [](double a) { return std::ceil(a); }); }
void nearest(KernelCall& call) { real(call, [](double a) { return std::round(a); }); }
void root(KernelCall& call) { real(call, [](double a) { return std::sqrt(a); }); }
void exponential(KernelCall& call) { real(call, [](double a) { return std::exp(a); }); }
void logarithm(KernelCall& call) { real(call, [](double a) { return std::log(a); }); }
void sine(KernelCall& call) { real(call, [](double a) { return std::sin(a); }); }
void cosine(KernelCall& call) { real(call, [](double a) { return std::cos(a); }); }

// To so many digits after the point.
void nearest_digits(KernelCall& call) {
  loops::two<double, double, I>(call, [](double a, I digits) {
    double unit = std::pow(10.0, static_cast<double>(digits));
    double out = std::round(a * unit) / unit;
    return std::isfinite(out) ? out : digits < 0 && std::isfinite(a) ? 0.0 : a;
  });
}

void same_integers(KernelCall& call) { loops::one<I, I>(call, [](I a) { return a; }); }
template <class F>
void integers(KernelCall& call, F f) {
  loops::each<I, I>(call, [&](I a, std::size_t row) {
    if (a == kLeast) call.fail(row, kTooLarge);
    return a == kLeast ? 0 : f(a);
  });
}
void negate_integers(KernelCall& call) { integers(call, [](I a) { return -a; }); }
void absolute_integers(KernelCall& call) { integers(call, [](I a) { return a < 0 ? -a : a; }); }

// NaN where one is.
void smaller_reals(KernelCall& call) {
  reals(call, [](double a, double b) { return a != a ? a : b != b || b < a ? b : a; });
}
void larger_reals(KernelCall& call) {
  reals(call, [](double a, double b) { return a != a ? a : b != b || a < b ? b : a; });
}
void smaller_integers(KernelCall& call) { loops::two<I, I, I>(call, [](I a, I b) { return b < a ? b : a; }); }
void larger_integers(KernelCall& call) { loops::two<I, I, I>(call, [](I a, I b) { return a < b ? b : a; }); }

template <class T, class F>
void compare(KernelCall& call, F f) {
  loops::two<std::uint8_t, T, T>(call, [f](T a, T b) { return static_cast<std::uint8_t>(f(a, b)); });
}

template <class T>
Kernel comparison(Operation operation) {
  switch (operation) {
    case equal: return [](KernelCall& call) { compare<T>(call, [](T a, T b) { return a == b; }); };
    case unequal: return [](KernelCall& call) { compare<T>(call, [](T a, T b) { return a != b; }); };
    case less: return [](KernelCall& call) { compare<T>(call, [](T a, T b) { return a < b; }); };
    case at_most: return [](KernelCall& call) { compare<T>(call, [](T a, T b) { return a <= b; }); };
    case more: return [](KernelCall& call) { compare<T>(call, [](T a, T b) { return a > b; }); };
    default: return [](KernelCall& call) { compare<T>(call, [](T a, T b) { return a >= b; }); };
  }
}

Kernel on_integers(Operation operation) {
  switch (operation) {
    case negate: return negate_integers;
    case abs: return absolute_integers;
    case floor:
    case ceil:
    case round: return same_integers;
    case least: return smaller_integers;
    case greatest: return larger_integers;
    default: return nullptr;
  }
}

Kernel on_reals(Operation operation) {
  switch (operation) {
    case negate: return negate_reals;
    case abs: return absolute_reals;
    case floor: return down;
    case ceil: return up;
    case round: return nearest;
    case sqrt: return root;
    case exp: return exponential;
    case log: return logarithm;
    case sin: return sine;
    case cos: return cosine;
    case pow: return power;
    case least: return smaller_reals;
    case greatest: return larger_reals;
    default: return nullptr;
  }
}

}  // namespace

Kernel arithmetic_kernel(Operation operation, ValueType type) {
  bool integer = type == ValueType::i64;
  switch (operation) {
    case add: return integer ? add_integers : real_kernel(operation);
    case subtract: return integer ? subtract_integers : real_kernel(operation);
    case times: return integer ? multiply_integers : real_kernel(operation);
    case divide: return real_kernel(operation);
    case floor_divide: return integer ? floor_integers : floor_reals;
    case modulo: return integer ? modulo_integers : modulo_reals;
    case round: return nearest_digits;
    default: return nullptr;
  }
}

Kernel comparison_kernel(Operation operation, ValueType type) {
  switch (type) {
    case ValueType::f64: return comparison<double>(operation);
    case ValueType::i64:
    case ValueType::time: return comparison<I>(operation);
    case ValueType::boolean: return comparison<std::uint8_t>(operation);
    default: return comparison<std::string_view>(operation);
  }
}

Kernel number_kernel(Operation operation, ValueType type) {
  return type == ValueType::f64 ? on_reals(operation) : on_integers(operation);
}

}  // namespace leat
