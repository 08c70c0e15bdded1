/// Loops that kernels are made of: one function over the rows of a block, with an input that is constant kept out of
/// the loop. Threads: no state.
#pragma once

#include <leat/actors/expression/program.hpp>

#include <cstdint>

namespace leat::loops {

template <class R, class A, class F>
void one(KernelCall& call, F f) {
  R* out = call.result<R>();
  const A* a = call.in[0].as<A>();
  if (call.in[0].constant) {
    for (std::size_t i = 0; i < call.rows; ++i) out[i] = f(a[0]);
  } else {
    for (std::size_t i = 0; i < call.rows; ++i) out[i] = f(a[i]);
  }
}

template <class R, class A, class B, class F>
void two(KernelCall& call, F f) {
  R* out = call.result<R>();
  const A* a = call.in[0].as<A>();
  const B* b = call.in[1].as<B>();
  if (call.in[0].constant) {
    const A first = a[0];
    std::size_t step = call.in[1].step();
    for (std::size_t i = 0; i < call.rows; ++i) out[i] = f(first, b[i * step]);
  } else if (call.in[1].constant) {
    const B second = b[0];
    for (std::size_t i = 0; i < call.rows; ++i) out[i] = f(a[i], second);
  } else {
    for (std::size_t i = 0; i < call.rows; ++i) out[i] = f(a[i], b[i]);
  }
}

/// As two(), of functions that can fail: f(a, b, bad) makes `bad` negative. Which rows they are is looked for only
/// where there is one; why(a, b) says why.
template <class R, class A, class B, class F, class Why>
void two_checked(KernelCall& call, F f, Why why) {
  std::int64_t bad = 0;
  two<R, A, B>(call, [&](A a, B b) { return f(a, b, bad); });
  if (bad >= 0) return;
  const A* a = call.in[0].as<A>();
  const B* b = call.in[1].as<B>();
  for (std::size_t i = 0; i < call.rows; ++i) {
    bad = 0;
    f(a[i * call.in[0].step()], b[i * call.in[1].step()], bad);
    if (bad < 0) call.fail(i, why(a[i * call.in[0].step()], b[i * call.in[1].step()]));
  }
}

/// f(a, row) gives the result, and calls call.fail() itself.
template <class R, class A, class F>
void each(KernelCall& call, F f) {
  R* out = call.result<R>();
  const A* a = call.in[0].as<A>();
  std::size_t step = call.in[0].step();
  for (std::size_t i = 0; i < call.rows; ++i) out[i] = f(a[i * step], i);
}

}  // namespace leat::loops
