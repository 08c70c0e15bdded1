#pragma once
// The work every measured program does on a chunk, the same machine code for leat, its peers
// and the limits. It lives in its own translation unit, so no program gets it inlined.
//
// The shape they share: a source hands out chunks, then four stages each run one kernel on
// each chunk; the fourth is also the sink and drops it. The source runs no kernel: begin_chunk()
// only.

#include <cstddef>
#include <cstdint>

namespace bench {

/// Size of the chunks of the stage benchmarks, in bytes.
inline constexpr std::size_t chunk_bytes = 256 * 1024;

/// Stages after the source.
inline constexpr std::size_t stage_count = 4;

/// *read*: the sum of all `size` bytes at `data`.
std::uint64_t read_bytes(const std::uint8_t* data, std::size_t size);

/// *make*: writes `size` new bytes to `to`, each one more than its original at `from`.
/// The two must not overlap.
void make_bytes(std::uint8_t* to, const std::uint8_t* from, std::size_t size);

/// What a source does with the memory of chunk `number`: writes the number into its first 8
/// bytes and, when `fill` is set, the number's low byte into all the others.
void begin_chunk(std::uint8_t* data, std::size_t size, std::uint64_t number, bool fill);

}  // namespace bench
