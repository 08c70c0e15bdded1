/// CRC32C (Castagnoli, Bräuer and Herrmann, 1993), by ISA-L with what the processor has for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace leat::wire {

/// Of "123456789": 0xe3069283. Threads: any.
std::uint32_t crc32c(std::span<const std::byte> bytes);

}  // namespace leat::wire
