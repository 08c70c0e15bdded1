/// The handshake's two messages as bytes. Pure. docs/wire.md draws them.
///
/// The node that has data to send says HELLO; the other answers WELCOME, and then one credit frame for each
/// of their channels, from which the first resumes. Who is refused hears nothing: the connection closes.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace leat::wire {

/// Nobody sends more before they are known.
inline constexpr std::size_t kHelloLimit = 4096;
/// Bytes that say how long a HELLO is.
inline constexpr std::size_t kHelloPrefix = 8;
inline constexpr std::size_t kWelcome = 16;
inline constexpr std::size_t kShortestToken = 16;
inline constexpr std::size_t kLongestToken = 64;

struct Hello {
  std::uint64_t job = 0;
  std::uint32_t epoch = 0;
  std::uint32_t from = 0;      ///< index of the node that says it
  std::uint32_t to = 0;        ///< of the one it means
  std::uint32_t channels = 0;  ///< how many it had senders for when it first connected
  std::string token;           ///< 16 to 64 bytes

  friend bool operator==(const Hello&, const Hello&) = default;
};

std::vector<std::byte> encode(const Hello& hello);
/// Bytes of the whole message that begins so. Errors: corrupt, for garbage, another version, or a length
/// no HELLO has.
Result<std::size_t> hello_length(std::span<const std::byte, kHelloPrefix> prefix);
/// `message` is the whole, prefix included. Errors: corrupt.
Result<Hello> decode_hello(std::span<const std::byte> message);

/// `channels`: how many the answering node had receivers for when it first expected this one.
std::vector<std::byte> encode_welcome(std::uint32_t channels);
/// Errors: corrupt.
Result<std::uint32_t> decode_welcome(std::span<const std::byte, kWelcome> message);

/// Compares in a time that does not tell how much of a token is right.
bool same_token(const std::string& given, const std::string& right);

}  // namespace leat::wire
