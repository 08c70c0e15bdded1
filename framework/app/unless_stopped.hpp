/// What may wait for ever on something outside, as a look at a file on a mount that is gone does.
#pragma once

#include <leat/actor/guard.hpp>
#include <leat/cluster/detached_call.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace leat {

/// Calls it on a thread of its own and waits: for what it returns, or nothing once `stop` is requested. Then it is
/// left behind (DetachedCall), so it owns or shares whatever it touches. What it throws is its Error.
template <class T>
std::optional<Result<T>> unless_stopped(std::stop_token stop, std::function<Result<T>()> call) {
  struct Waited {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<Result<T>> made;
  };
  auto waited = std::make_shared<Waited>();
  DetachedCall apart("the run", Log(), [waited, call = std::move(call)] {
    auto made = guarded(call);
    std::lock_guard lock(waited->mutex);
    waited->made.emplace(std::move(made));
    waited->changed.notify_all();
  });
  std::unique_lock lock(waited->mutex);
  if (waited->changed.wait(lock, stop, [&] { return waited->made.has_value(); })) return std::move(waited->made);
  lock.unlock();
  apart.wait_until(std::chrono::steady_clock::now());
  return std::nullopt;
}

}  // namespace leat
