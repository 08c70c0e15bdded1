/// Digests of what comes in parts (SHA-1, SHA-256; FIPS 180-4), and base64 (RFC 4648).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace leat {

/// Threads: one.
class Digest {
 public:
  enum class Algorithm { sha1, sha256 };

  explicit Digest(Algorithm algorithm);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void add(std::string_view bytes);
  /// The bytes of the digest; once.
  std::string finish();
  /// How many there are.
  static std::size_t bytes(Algorithm algorithm) { return algorithm == Algorithm::sha1 ? 20 : 32; }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Nothing: it is no base64, of which whole groups of four are wanted.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace leat
