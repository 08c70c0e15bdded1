// Any bytes as the frames of a connection: no crash, no step outside, the same verdict however the bytes
// are cut into reads, and what was decoded encodes to the same bytes.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <leat/chunk/pool.hpp>
#include <leat/net/crc32c.hpp>
#include <leat/net/frame_reader.hpp>
#include <leat/net/in_channel.hpp>
#include <leat/net/little_endian.hpp>
#include <leat/schemas/table.capnp.h>

using namespace leat;

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

ChannelSpec spec(std::uint32_t id) {
  ChannelSpec out;
  out.id = id;
  out.type = capnp::typeId<schema::Table>();
  out.window = {64 * 1024, 8};
  out.max_chunk = 32 * 1024;
  out.compress = id == 1;
  return out;
}

// What a connection does with frames, without the connection.
class Taken final : public wire::FrameReader::Frames {
 public:
  Result<std::byte*> begin(const wire::Header& header) override {
    std::array<std::byte, wire::kHeader> again;
    wire::encode(header, again);
    auto back = wire::decode(again);
    require(back.ok() && *back == header, "a header that does not survive being written");
    if (header.kind == wire::FrameKind::sign) return nullptr;
    if (header.channel > 1) return corrupt("no such channel");
    if (header.kind != wire::FrameKind::data) return nullptr;
    return channel(header).begin(header, 1);
  }
  Result<void> finish(const wire::Header& header) override {
    if (header.kind == wire::FrameKind::sign) return {};
    if (header.kind == wire::FrameKind::credit) return corrupt("credit");
    auto taken = header.kind == wire::FrameKind::data ? channel(header).finish(header) : channel(header).mark(header, 1);
    if (!taken) return taken.error();
    std::vector<Frame> frames;
    channel(header).receive(frames, 10);
    for (const Frame& frame : frames) {
      said += std::to_string(static_cast<int>(frame.kind)) + ":" + std::to_string(frame.sequence) + ":";
      if (frame.chunk) said += frame.chunk.hash();
      channel(header).consumed(frame.cost(), true);
    }
    return {};
  }

  std::string said;

 private:
  wire::InChannel& channel(const wire::Header& header) { return channels_[header.channel]; }

  std::shared_ptr<Pool> pool_ = Pool::make();
  wire::InChannel channels_[2] = {{spec(0), pool_, [] {}}, {spec(1), pool_, [] {}}};
};

// The bytes in pieces of at most `most`; what was delivered, and the error if there was one.
std::string read(std::span<const std::byte> bytes, std::size_t most) {
  Taken taken;
  wire::FrameReader reader(taken, 4096);
  while (!bytes.empty()) {
    std::size_t moved = 0;
    for (const iovec& v : reader.room()) {
      std::size_t now = std::min({v.iov_len, bytes.size(), most - moved});
      std::memcpy(v.iov_base, bytes.data(), now);
      bytes = bytes.subspan(now);
      moved += now;
      if (now < v.iov_len) break;
    }
    require(moved > 0, "a reader with no room");
    if (auto sound = reader.arrived(moved); !sound) return taken.said + sound.error().sentence;
  }
  return taken.said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> bytes(size);
  if (size > 0) std::memcpy(bytes.data(), data, size);
  // Mends the checksums of headers on the way, or nothing would get past them.
  for (std::size_t at = 0; at + wire::kHeader <= size;) {
    wire::put<std::uint8_t>(&bytes[at], 0x1e);
    wire::put<std::uint8_t>(&bytes[at + 1], wire::kVersion);
    constexpr std::size_t checked = wire::kHeader - 4;
    wire::put<std::uint32_t>(&bytes[at + checked], wire::crc32c(std::span(bytes).subspan(at, checked)));
    auto slice = bytes[at + 2] == std::byte{1} ? wire::get<std::uint32_t>(&bytes[at + 12]) : 0;
    at += wire::kHeader + slice;
  }
  std::string whole = read(bytes, size + 1);
  require(whole == read(bytes, 1), "read byte by byte it says something else");
  require(whole == read(bytes, 61), "read in pieces it says something else");
  return 0;
}
