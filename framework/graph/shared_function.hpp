/// A function that cannot be copied, as a value that can: copies share it. For callables.hpp, not for users.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace leat::callables {

template <class F>
class Shared {
 public:
  explicit Shared(F f) : f_(std::make_shared<F>(std::move(f))) {}

  template <class... A>
    requires std::is_invocable_v<F&, A...>
  decltype(auto) operator()(A&&... a) {
    return std::invoke(*f_, std::forward<A>(a)...);
  }
  template <class... A>
    requires std::is_invocable_v<const F&, A...>
  decltype(auto) operator()(A&&... a) const {
    return std::invoke(std::as_const(*f_), std::forward<A>(a)...);
  }

 private:
  std::shared_ptr<F> f_;
};
template <class>
inline constexpr bool kShared = false;
template <class F>
inline constexpr bool kShared<Shared<F>> = true;

}  // namespace leat::callables
