/// The guard around every call into user code: what it throws comes back as an Error.
///
///   auto described = guarded([&] { return kind.describe(inputs); });
///   if (!described) return described.error().in("stage " + name);
///
/// Whoever calls code that leat did not write (kinds, actors, sources, splitters, build functions, callbacks)
/// calls it so, and names the stage and the replica with Error::in.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace leat {

/// The exception that is being handled as an Error: that of a ThrownError as it is; else with `thrown` set,
/// overloaded for std::bad_alloc and failed for others. Only inside a catch block.
Error error_of_exception();

/// "stage parse", or with several replicas "stage parse, replica 2 of 4": for Error::in.
std::string replica_name(std::string_view stage, std::size_t replica, std::size_t replicas);

namespace guards {

template <class T>
struct AsResult {
  using type = Result<T>;
};
template <class T>
struct AsResult<Result<T>> {
  using type = Result<T>;
};

}  // namespace guards

/// Calls `call`; what it returns as a Result, what it throws as an Error.
template <class Call>
auto guarded(Call&& call) -> typename guards::AsResult<std::invoke_result_t<Call>>::type {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
      std::forward<Call>(call)();
      return {};
    } else {
      return std::forward<Call>(call)();
    }
  } catch (...) {
    return error_of_exception();
  }
}

/// Destroys a thing of the user's, whose destructor may throw too.
template <class T>
Result<void> destroyed(std::unique_ptr<T> thing) {
  return guarded([gone = thing.release()] { delete gone; });
}

/// How shared_guarded destroys; what the destructor threw is in `said` then.
template <class T>
struct GuardedDelete {
  std::shared_ptr<Result<void>> said = std::make_shared<Result<void>>();
  void operator()(T* gone) const {
    *said = guarded([gone] { delete gone; });
  }
};

/// Shares a thing of the user's; what its destructor throws is lost with it, but for let_go().
template <class T>
std::shared_ptr<T> shared_guarded(std::unique_ptr<T> thing) {
  GuardedDelete<T> deleter;
  return std::shared_ptr<T>(thing.release(), std::move(deleter));
}

/// Lets go of a thing that shared_guarded shares. Errors: what its destructor throws, where nobody else
/// has it.
template <class T>
Result<void> let_go(std::shared_ptr<T> thing) {
  auto* deleter = std::get_deleter<GuardedDelete<T>>(thing);
  auto said = deleter ? deleter->said : nullptr;
  thing.reset();
  return said ? std::move(*said) : Result<void>();
}

}  // namespace leat
