/// A way into a service that only its own process can take.
#pragma once

#include <filesystem>

#include <leat/chunk/result.hpp>

namespace leat {

/// A listening Unix socket without a name: no other user's process can connect, certificate or not. Linux:
/// /proc/self/fd.
class InnerSocket {
 public:
  /// Errors: failed (no temporary folder to make it in).
  static Result<InnerSocket> listen();
  InnerSocket(InnerSocket&& other) noexcept;
  InnerSocket& operator=(InnerSocket&&) = delete;
  ~InnerSocket();

  /// The listening descriptor, once: whoever takes it closes it.
  int take_listener();
  /// Where this process connects, while this object lives; refused once the listener is closed.
  std::filesystem::path way() const;

 private:
  InnerSocket(int listener, int node) : listener_(listener), node_(node) {}

  int listener_;
  int node_;  // O_PATH: what is left of its name
};

}  // namespace leat
