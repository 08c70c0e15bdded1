/// Lines: a control plane that can be let go while others still talk into it.
#pragma once

#include <leat/cluster/control.hpp>

#include <memory>
#include <mutex>

namespace leat {

/// Threads: any.
class ControlSender {
 public:
  /// To a peer that is gone, or before attach(), or after detach(): nothing happens. Errors: encode()'s; then
  /// nothing was sent, and the connection is as it was.
  Result<void> say(PeerId to, const control::Message& message) {
    auto bytes = control::encode(message);
    if (!bytes) return std::move(bytes).error();
    std::lock_guard lock(mutex_);
    if (plane_) plane_->send(to, std::move(*bytes));
    return {};
  }
  void drop(PeerId peer) {
    std::lock_guard lock(mutex_);
    if (plane_) plane_->drop(peer);
  }
  void attach(std::unique_ptr<ControlPlane> plane) {
    std::lock_guard lock(mutex_);
    plane_ = std::move(plane);
  }
  /// No event of the plane comes any more once this returns; not to be called from one.
  void detach() {
    std::unique_ptr<ControlPlane> plane;
    {
      std::lock_guard lock(mutex_);
      plane.swap(plane_);
    }
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<ControlPlane> plane_;
};

/// Milliseconds on this process's clock.
std::chrono::milliseconds instant();

/// The machine's name.
std::string host_name();

/// 128 bits from the system.
control::Incarnation fresh_incarnation();

/// 32 bytes from the system.
std::string fresh_token();

}  // namespace leat
