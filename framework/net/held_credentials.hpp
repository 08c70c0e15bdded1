/// Credentials in memory, for a library that reads files again with each connection.
#pragma once

#include <vector>

#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Copies that stay what they were when the files are replaced or removed. Linux: memfd.
class HeldCredentials {
 public:
  /// Errors: invalid when a file cannot be read, failed.
  static Result<HeldCredentials> of(const Credentials& files);
  HeldCredentials(HeldCredentials&&) noexcept = default;
  HeldCredentials& operator=(HeldCredentials&&) = delete;
  ~HeldCredentials();

  /// Paths that open in this process while this object lives.
  const Credentials& files() const { return files_; }

 private:
  HeldCredentials() = default;

  Credentials files_;
  std::vector<int> descriptors_;
};

}  // namespace leat
