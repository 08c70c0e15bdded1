#include <leat/net/hello.hpp>

#include <leat/net/crc32c.hpp>
#include <leat/net/framing.hpp>
#include <leat/net/little_endian.hpp>

#include <openssl/crypto.h>

namespace leat::wire {
namespace {

constexpr std::uint32_t kHelloMagic = 0x5441454c;    // "LEAT"
constexpr std::uint32_t kWelcomeMagic = 0x6c6c6577;  // "well"
constexpr std::size_t kBeforeToken = 36;
constexpr std::size_t kShortest = kBeforeToken + kShortestToken + 4;
constexpr std::size_t kLongest = kBeforeToken + kLongestToken + 4;
static_assert(kLongest <= kHelloLimit);

Error other_version(std::uint16_t version) {
  return corrupt("protocol version " + std::to_string(version) + ", this node speaks " + std::to_string(kVersion));
}

}  // namespace

std::vector<std::byte> encode(const Hello& hello) {
  std::size_t length = kBeforeToken + hello.token.size() + 4;
  std::vector<std::byte> out(length);
  std::byte* at = out.data();
  put<std::uint32_t>(at, kHelloMagic);
  put<std::uint16_t>(at + 4, kVersion);
  put<std::uint16_t>(at + 6, static_cast<std::uint16_t>(length));
  put<std::uint64_t>(at + 8, hello.job);
  put<std::uint32_t>(at + 16, hello.epoch);
  put<std::uint32_t>(at + 20, hello.from);
  put<std::uint32_t>(at + 24, hello.to);
  put<std::uint32_t>(at + 28, hello.channels);
  put<std::uint32_t>(at + 32, static_cast<std::uint32_t>(hello.token.size()));
  std::memcpy(at + kBeforeToken, hello.token.data(), hello.token.size());
  put<std::uint32_t>(at + length - 4, crc32c(std::span(out).first(length - 4)));
  return out;
}

Result<std::size_t> hello_length(std::span<const std::byte, kHelloPrefix> prefix) {
  if (get<std::uint32_t>(prefix.data()) != kHelloMagic) return corrupt("garbage instead of a hello");
  auto version = get<std::uint16_t>(prefix.data() + 4);
  if (version != kVersion) return other_version(version);
  std::size_t length = get<std::uint16_t>(prefix.data() + 6);
  if (length < kShortest || length > kLongest) {
    return corrupt("a hello of " + std::to_string(length) + " bytes");
  }
  return length;
}

Result<Hello> decode_hello(std::span<const std::byte> message) {
  if (message.size() < kHelloPrefix) return corrupt("a hello cut short");
  auto length = hello_length(message.first<kHelloPrefix>());
  if (!length) return length.error();
  if (message.size() != *length) return corrupt("a hello cut short");
  const std::byte* at = message.data();
  if (get<std::uint32_t>(at + *length - 4) != crc32c(message.first(*length - 4))) {
    return corrupt("a hello with a wrong checksum");
  }
  std::size_t token = get<std::uint32_t>(at + 32);
  if (token != *length - kBeforeToken - 4) return corrupt("a hello whose token has another length than it says");
  Hello out;
  out.job = get<std::uint64_t>(at + 8);
  out.epoch = get<std::uint32_t>(at + 16);
  out.from = get<std::uint32_t>(at + 20);
  out.to = get<std::uint32_t>(at + 24);
  out.channels = get<std::uint32_t>(at + 28);
  out.token.assign(reinterpret_cast<const char*>(at + kBeforeToken), token);
  return out;
}

std::vector<std::byte> encode_welcome(std::uint32_t channels) {
  std::vector<std::byte> out(kWelcome);
  put<std::uint32_t>(out.data(), kWelcomeMagic);
  put<std::uint16_t>(out.data() + 4, kVersion);
  put<std::uint16_t>(out.data() + 6, kWelcome);
  put<std::uint32_t>(out.data() + 8, channels);
  put<std::uint32_t>(out.data() + 12, crc32c(std::span(out).first(kWelcome - 4)));
  return out;
}

Result<std::uint32_t> decode_welcome(std::span<const std::byte, kWelcome> message) {
  const std::byte* at = message.data();
  if (get<std::uint32_t>(at) != kWelcomeMagic) return corrupt("garbage instead of a welcome");
  auto version = get<std::uint16_t>(at + 4);
  if (version != kVersion) return other_version(version);
  bool whole = get<std::uint16_t>(at + 6) == kWelcome;
  if (!whole || get<std::uint32_t>(at + 12) != crc32c(message.first(kWelcome - 4))) {
    return corrupt("a welcome with a wrong checksum");
  }
  return get<std::uint32_t>(at + 8);
}

bool same_token(const std::string& given, const std::string& right) {
  return given.size() == right.size() && CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0;
}

}  // namespace leat::wire
