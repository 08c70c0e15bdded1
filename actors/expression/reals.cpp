// Compiled once per instruction set by foreach_target.h, hence the guards.
#include <leat/actors/expression/program.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE <leat/actors/expression/reals.cpp>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Reals = hn::ScalableTag<double>;
using One = hn::CappedTag<double, 1>;

template <class D>
HWY_INLINE auto cells(D d, const BlockCells& in, std::size_t row) {
  return in.constant ? hn::Set(d, in.as<double>()[0]) : hn::LoadU(d, in.as<double>() + row);
}

// Whole vectors, then the rows that are left.
template <class F>
HWY_INLINE void reals(KernelCall& call, F f) {
  const Reals d;
  const One one;
  const BlockCells a = call.in[0];
  const BlockCells b = call.in[1];
  double* out = call.result<double>();
  std::size_t row = 0;
  const std::size_t step = hn::Lanes(d);
  if (a.constant) {
    const auto first = cells(d, a, 0);
    for (; row + step <= call.rows; row += step) hn::StoreU(f(first, cells(d, b, row)), d, out + row);
  } else if (b.constant) {
    const auto second = cells(d, b, 0);
    for (; row + step <= call.rows; row += step) hn::StoreU(f(cells(d, a, row), second), d, out + row);
  } else {
    for (; row + step <= call.rows; row += step) {
      hn::StoreU(f(hn::LoadU(d, a.as<double>() + row), hn::LoadU(d, b.as<double>() + row)), d, out + row);
    }
  }
  for (; row < call.rows; ++row) hn::StoreU(f(cells(one, a, row), cells(one, b, row)), one, out + row);
}

void Add(KernelCall& call) { reals(call, [](auto a, auto b) HWY_ATTR { return hn::Add(a, b); }); }
void Subtract(KernelCall& call) { reals(call, [](auto a, auto b) HWY_ATTR { return hn::Sub(a, b); }); }
void Multiply(KernelCall& call) { reals(call, [](auto a, auto b) HWY_ATTR { return hn::Mul(a, b); }); }
void Divide(KernelCall& call) { reals(call, [](auto a, auto b) HWY_ATTR { return hn::Div(a, b); }); }

}  // namespace leat::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leat {

HWY_EXPORT(Add);
HWY_EXPORT(Subtract);
HWY_EXPORT(Multiply);
HWY_EXPORT(Divide);

Kernel real_kernel(Operation operation) {
  switch (operation) {
    case Operation::add: return [](KernelCall& call) { HWY_DYNAMIC_DISPATCH(Add)(call); };
    case Operation::subtract: return [](KernelCall& call) { HWY_DYNAMIC_DISPATCH(Subtract)(call); };
    case Operation::times: return [](KernelCall& call) { HWY_DYNAMIC_DISPATCH(Multiply)(call); };
    default: return [](KernelCall& call) { HWY_DYNAMIC_DISPATCH(Divide)(call); };
  }
}

}  // namespace leat
#endif
