#include <leat/net/framing.hpp>

#include <leat/net/crc32c.hpp>
#include <leat/net/little_endian.hpp>

#include <string>

namespace leat::wire {
namespace {

constexpr std::uint8_t kMagic = 0x1e;
constexpr std::size_t kChecked = kHeader - 4;  // the header's checksum covers what is before it
constexpr int kNumberBits = 48;                // of an origin

enum Flag : std::uint8_t { kCloses = 1, kInterrupted = 2, kLz4 = 4, kLast = 8 };

std::uint8_t flags_of(const Header& h) {
  return static_cast<std::uint8_t>((h.closes ? kCloses : 0) | (h.interrupted ? kInterrupted : 0) |
                                   (h.lz4 ? kLz4 : 0) | (h.last ? kLast : 0));
}

std::uint8_t flags_allowed(FrameKind kind) {
  switch (kind) {
    case FrameKind::data: return kCloses | kLz4 | kLast;
    case FrameKind::end: return kInterrupted;
    default: return 0;
  }
}

// Why a header with a sound checksum makes no sense, or nullptr.
const char* contradiction(const Header& h) {
  if (h.kind == FrameKind::credit) {
    return h.slice == 0 && h.payload_crc == 0 && h.origin == 0 ? nullptr : "a credit with a payload";
  }
  if (h.kind == FrameKind::sign) {
    return h == Header{.kind = FrameKind::sign} ? nullptr : "a sign of life with something in it";
  }
  if (h.kind != FrameKind::data) {
    bool bare = h.slice == 0 && h.total == 0 && h.cost == 0 && h.payload_crc == 0 && h.origin == 0;
    return bare ? nullptr : "a mark with a payload";
  }
  if (h.total == 0 || h.total % 8 != 0) return "a message that is no whole number of words";
  if (h.total > h.cost) return "a message larger than what it is charged";
  if (h.origin != 0 && h.origin >> kNumberBits == 0) return "a number of no source";
  if (h.slice == 0 || h.slice > kSlice || h.slice > h.total) return "a slice longer than slices are";
  return nullptr;
}

}  // namespace

void encode(const Header& h, std::span<std::byte, kHeader> into) {
  std::byte* at = into.data();
  put<std::uint8_t>(at, kMagic);
  put<std::uint8_t>(at + 1, kVersion);
  put<std::uint8_t>(at + 2, static_cast<std::uint8_t>(h.kind));
  put<std::uint8_t>(at + 3, flags_of(h));
  put<std::uint32_t>(at + 4, h.channel);
  put<std::uint32_t>(at + 8, h.epoch);
  put<std::uint32_t>(at + 12, h.slice);
  put<std::uint64_t>(at + 16, h.sequence);
  put<std::uint64_t>(at + 24, h.position);
  if (h.kind == FrameKind::credit) {
    put<std::uint64_t>(at + 32, h.chunks);
  } else {
    put<std::uint32_t>(at + 32, h.total);
    put<std::uint32_t>(at + 36, h.cost);
  }
  put<std::uint32_t>(at + 40, h.payload_crc);
  put<std::uint64_t>(at + 44, h.origin);
  put<std::uint32_t>(at + kChecked, crc32c(into.first(kChecked)));
}

Result<Header> decode(std::span<const std::byte, kHeader> bytes) {
  const std::byte* at = bytes.data();
  if (get<std::uint8_t>(at) != kMagic) return corrupt("garbage where a frame should begin");
  if (get<std::uint8_t>(at + 1) != kVersion) {
    return corrupt("a frame of protocol version " + std::to_string(get<std::uint8_t>(at + 1)) +
                   ", this node speaks " + std::to_string(kVersion));
  }
  if (get<std::uint32_t>(at + kChecked) != crc32c(bytes.first(kChecked))) {
    return corrupt("a frame header with a wrong checksum");
  }
  Header h;
  auto kind = get<std::uint8_t>(at + 2);
  if (kind < 1 || kind > 6) return corrupt("a frame of unknown kind " + std::to_string(kind));
  h.kind = static_cast<FrameKind>(kind);
  auto flags = get<std::uint8_t>(at + 3);
  if (flags & ~flags_allowed(h.kind)) return corrupt("a frame with flags its kind does not have");
  h.closes = flags & kCloses;
  h.interrupted = flags & kInterrupted;
  h.lz4 = flags & kLz4;
  h.last = flags & kLast;
  h.channel = get<std::uint32_t>(at + 4);
  h.epoch = get<std::uint32_t>(at + 8);
  h.slice = get<std::uint32_t>(at + 12);
  h.sequence = get<std::uint64_t>(at + 16);
  h.position = get<std::uint64_t>(at + 24);
  if (h.kind == FrameKind::credit) {
    h.chunks = get<std::uint64_t>(at + 32);
  } else {
    h.total = get<std::uint32_t>(at + 32);
    h.cost = get<std::uint32_t>(at + 36);
  }
  h.payload_crc = get<std::uint32_t>(at + 40);
  h.origin = get<std::uint64_t>(at + 44);
  if (const char* why = contradiction(h)) return corrupt(why);
  return h;
}

std::uint64_t origin_of(const Trace& trace) {
  bool fits = trace.source < (std::uint32_t{1} << (64 - kNumberBits)) - 1 && trace.number >> kNumberBits == 0;
  return fits ? (std::uint64_t{trace.source} + 1) << kNumberBits | trace.number : 0;
}

Trace trace_of(std::uint64_t origin) {
  Trace trace;
  if (origin == 0) return trace;
  trace.source = static_cast<std::uint32_t>(origin >> kNumberBits) - 1;
  trace.number = origin & ((std::uint64_t{1} << kNumberBits) - 1);
  return trace;
}

}  // namespace leat::wire
