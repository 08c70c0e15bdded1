/// Frames as bytes: the header that goes before each slice of a chunk, each mark and each credit. Pure.
/// docs/wire.md draws it.
#pragma once

#include <leat/actor/frame.hpp>
#include <leat/chunk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace leat::wire {

/// Of what the peers must agree on; a change to any byte that goes over the wire makes a new one.
inline constexpr std::uint8_t kVersion = 3;

/// Bytes of every header.
inline constexpr std::size_t kHeader = 56;

/// Bytes of a message that one frame carries, before compression: this many, the last one the rest.
inline constexpr std::size_t kSlice = 128 * 1024;

enum class FrameKind : std::uint8_t {
  data = 1,     ///< a slice of a chunk follows
  done = 2,
  barrier = 3,
  end = 4,
  credit = 5,   ///< goes up: what was received, and the limit
  sign = 6,     ///< of life, either way: the connection has nothing else to carry
};

/// What a header says. Fields a kind does not use are 0 on the wire.
struct Header {
  FrameKind kind = FrameKind::data;
  bool closes = false;       ///< data: last of its sequence
  bool interrupted = false;  ///< end
  bool lz4 = false;          ///< data: the slice is compressed
  bool last = false;         ///< data: the message's last slice
  std::uint32_t channel = 0;
  std::uint32_t epoch = 0;
  std::uint32_t slice = 0;        ///< data: bytes that follow
  std::uint64_t sequence = 0;     ///< of the frame; credit: the limit in bytes
  std::uint64_t position = 0;     ///< index in its channel; credit: frames received wholly
  std::uint32_t total = 0;        ///< data: bytes of the message
  std::uint32_t cost = 0;         ///< data: memory the chunk pins, as charged
  std::uint32_t payload_crc = 0;  ///< data on a plain connection: CRC32C of what follows
  std::uint64_t chunks = 0;       ///< credit: the limit in chunks; lies where total and cost do
  std::uint64_t origin = 0;       ///< data: origin_of what follows

  friend bool operator==(const Header&, const Header&) = default;
};

void encode(const Header& header, std::span<std::byte, kHeader> into);

/// Errors: corrupt, for a bad checksum, another version, or fields that contradict each other. What it
/// gives back encodes to the same bytes. Nothing has been compared with any channel yet.
Result<Header> decode(std::span<const std::byte, kHeader> bytes);

/// Where a chunk comes from, in 8 bytes: its source's stage, from 1, in the upper 16 bits, its number there in the
/// others. 0: not known, or larger than that.
std::uint64_t origin_of(const Trace& trace);
/// What origin_of has made of it, but for the deadline: clocks differ from node to node.
Trace trace_of(std::uint64_t origin);

/// Bytes the slice at `offset` of a message of `total` has before compression.
constexpr std::size_t slice_at(std::size_t offset, std::size_t total) {
  return total - offset < kSlice ? total - offset : kSlice;
}

}  // namespace leat::wire
