/// Callables: std::function for what users hand in, whose destructors may throw too.
///
///   leat::Callable<std::unique_ptr<Actor>(const Making&)> actor = [held](const Making&) { return make(held); };
#pragma once

#include <leat/actor/guard.hpp>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace leat {

namespace callables {

// A function object whose destructor may throw. std::function ends the process where it does; here it is lost, as
// what holds the function, a graph or a plan, may be destroyed where nothing is left to fail.
template <class F>
class Guarded {
 public:
  explicit Guarded(F f) : f_(shared_guarded(std::make_unique<F>(std::move(f)))) {}
  Guarded(const Guarded& other) : f_(shared_guarded(std::make_unique<F>(std::as_const(*other.f_)))) {}
  Guarded(Guarded&&) noexcept = default;
  Guarded& operator=(const Guarded&) = delete;
  Guarded& operator=(Guarded&&) = delete;

  template <class... A>
  decltype(auto) operator()(A&&... a) {
    return std::invoke(*f_, std::forward<A>(a)...);
  }

 private:
  std::shared_ptr<F> f_;  // of this alone
};

}  // namespace callables

/// Made of whatever a std::function of the same signature is; copies copy it. What its destructor throws is lost.
template <class Signature>
class Callable;

template <class R, class... A>
class Callable<R(A...)> : public std::function<R(A...)> {
  using Function = std::function<R(A...)>;

 public:
  Callable() = default;
  Callable(std::nullptr_t) {}
  template <class F>
    requires(!std::is_base_of_v<Callable, std::remove_cvref_t<F>> && std::is_constructible_v<Function, F>)
  Callable(F&& f) : Function(kept(std::forward<F>(f))) {}

 private:
  template <class F>
  static Function kept(F&& f) {
    using Object = std::decay_t<F>;
    if constexpr (std::is_nothrow_destructible_v<Object>) {
      return Function(std::forward<F>(f));
    } else {
      return Function(callables::Guarded<Object>(std::forward<F>(f)));
    }
  }
};

}  // namespace leat
