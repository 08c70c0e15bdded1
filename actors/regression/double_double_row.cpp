#include <leat/actors/regression/pivoted_cholesky.hpp>

// Highway includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "leat/actors/regression/double_double_row.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Wide = hn::ScalableTag<double>;
using Numbers = hn::Vec<Wide>;

struct Pair {
  Numbers high;
  Numbers low;
};

#if HWY_NATIVE_FMA
HWY_INLINE Pair product(Numbers a, Numbers b) {
  auto all = hn::Mul(a, b);
  return {all, hn::MulSub(a, b, all)};
}
#else
HWY_INLINE Pair halves(Numbers x) {
  auto spread = hn::Mul(x, hn::Set(Wide(), 134217729.0));  // 2^27 + 1
  auto high = hn::Sub(spread, hn::Sub(spread, x));
  return {high, hn::Sub(x, high)};
}
HWY_INLINE Pair product(Numbers a, Numbers b) {
  auto all = hn::Mul(a, b);
  Pair x = halves(a), y = halves(b);
  auto rest = hn::Sub(hn::Mul(x.high, y.high), all);
  rest = hn::Add(hn::Add(rest, hn::Mul(x.high, y.low)), hn::Mul(x.low, y.high));
  return {all, hn::Add(rest, hn::Mul(x.low, y.low))};
}
#endif

HWY_INLINE Pair sum(Numbers a, Numbers b) {
  auto total = hn::Add(a, b);
  auto part = hn::Sub(total, a);
  return {total, hn::Add(hn::Sub(a, hn::Sub(total, part)), hn::Sub(b, part))};
}
HWY_INLINE Pair ordered_sum(Numbers a, Numbers b) {
  auto total = hn::Add(a, b);
  return {total, hn::Sub(b, hn::Sub(total, a))};
}

void subtract_vectors(DoubleDouble factor, DoubleDoubleRow from, std::size_t count, DoubleDoubleRow to) {
  const Wide d;
  const auto high = hn::Set(d, -factor.high), low = hn::Set(d, -factor.low);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    auto b = hn::LoadU(d, from.high + i), b_low = hn::LoadU(d, from.low + i);
    Pair all = product(high, b);
    all = ordered_sum(all.high, hn::Add(all.low, hn::Add(hn::Mul(high, b_low), hn::Mul(low, b))));
    Pair upper = sum(hn::LoadU(d, to.high + i), all.high);
    Pair lower = sum(hn::LoadU(d, to.low + i), all.low);
    upper = ordered_sum(upper.high, hn::Add(upper.low, lower.high));
    upper = ordered_sum(upper.high, hn::Add(upper.low, lower.low));
    hn::StoreU(upper.high, d, to.high + i);
    hn::StoreU(upper.low, d, to.low + i);
  }
}

std::size_t width() { return hn::Lanes(Wide()); }

}  // namespace leat::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leat {

HWY_EXPORT(subtract_vectors);
HWY_EXPORT(width);

void subtract(DoubleDouble factor, DoubleDoubleRow from, std::size_t count, DoubleDoubleRow to) {
  std::size_t vectors = count / HWY_DYNAMIC_DISPATCH(width)() * HWY_DYNAMIC_DISPATCH(width)();
  if (vectors > 0) HWY_DYNAMIC_DISPATCH(subtract_vectors)(factor, from, vectors, to);
  for (std::size_t i = vectors; i < count; ++i) {
    DoubleDouble left = DoubleDouble(to.high[i], to.low[i]) - factor * DoubleDouble(from.high[i], from.low[i]);
    to.high[i] = left.high;
    to.low[i] = left.low;
  }
}

}  // namespace leat
#endif
