// Any bytes as a HELLO and as a WELCOME: no crash, and what is understood is what would be said.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <leat/net/crc32c.hpp>
#include <leat/net/hello.hpp>
#include <leat/net/little_endian.hpp>

using namespace leat;

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void as_hello(std::span<const std::byte> bytes) {
  auto hello = wire::decode_hello(bytes);
  if (!hello) return;
  auto again = wire::encode(*hello);
  require(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()), "a hello that is said otherwise");
  require(bytes.size() <= wire::kHelloLimit, "a hello over the limit");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::byte>(data[i]);
  as_hello(bytes);
  if (size < 8) return 0;
  // Once more with a checksum and a length that fit.
  wire::put<std::uint16_t>(&bytes[6], static_cast<std::uint16_t>(size));
  wire::put<std::uint32_t>(&bytes[size - 4], wire::crc32c(std::span(bytes).first(size - 4)));
  as_hello(bytes);
  if (size < wire::kWelcome) return 0;
  auto welcome = wire::decode_welcome(std::span(bytes).first<wire::kWelcome>());
  if (!welcome) return 0;
  auto again = wire::encode_welcome(*welcome);
  require(std::equal(again.begin(), again.end(), bytes.begin()), "a welcome that is said otherwise");
  return 0;
}
