/// Endpoints and credentials: where to reach a process, and what proves who it is.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace leat {

/// A host and a TCP port. Port 0 listens on a free one.
struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// "127.0.0.1:4700", "[::1]:4700", "node3:4700".
Result<Endpoint> parse_endpoint(const std::string& text);
std::string to_string(const Endpoint& endpoint);

/// True for 127.0.0.0/8, ::1 and localhost: what only this machine reaches. A name is not resolved.
bool is_loopback(const Endpoint& endpoint);

/// Files in PEM form: this process's certificate and key, and the authority both sides trust.
struct Credentials {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;
};

}  // namespace leat
