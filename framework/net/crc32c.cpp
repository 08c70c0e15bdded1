#include <leat/net/crc32c.hpp>

#include <algorithm>

#include <isa-l/crc.h>

namespace leat::wire {

std::uint32_t crc32c(std::span<const std::byte> bytes) {
  // ISA-L takes the length as an int, and its input as if it wrote to it.
  constexpr std::size_t kMost = std::size_t{1} << 30;
  std::uint32_t crc = ~std::uint32_t{0};
  auto* at = reinterpret_cast<unsigned char*>(const_cast<std::byte*>(bytes.data()));
  for (std::size_t left = bytes.size(); left > 0;) {
    std::size_t now = std::min(left, kMost);
    crc = crc32_iscsi(at, static_cast<int>(now), crc);
    at += now;
    left -= now;
  }
  return ~crc;
}

}  // namespace leat::wire
