/// Chunks of many sizes through a link, each recognisable: what comes out must be what went in.
#pragma once

#include <cstring>
#include <thread>

#include "actor/link_conformance.hpp"

#include "two_nodes.hpp"

namespace leat::testing {

inline ChannelSpec bytes_channel(std::uint32_t id, std::uint32_t peer, Amount window = {4 << 20, 64},
                                 std::uint64_t max_chunk = 2 << 20) {
  ChannelSpec out;
  out.id = id;
  out.peer = peer;
  out.type = capnp::typeId<schema::Bytes>();
  out.window = window;
  out.max_chunk = max_chunk;
  out.name = "bytes " + std::to_string(id);
  return out;
}

/// Chunk number `number` of a stream: its size and every byte follow from the number.
inline Chunk numbered_chunk(Pool& pool, std::uint64_t number, std::size_t size) {
  Building<schema::Bytes> building(pool, size + 64);
  auto data = building.root().initData(static_cast<capnp::uint>(size));
  for (std::size_t i = 0; i < size; ++i)
    data[i] = static_cast<kj::byte>(number * 31 + i / 64);
  return std::move(building).finish();
}

inline bool is_numbered(const Chunk& chunk, std::uint64_t number, std::size_t size) {
  auto data = chunk.root<schema::Bytes>().getData();
  if (data.size() != size) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] != static_cast<kj::byte>(number * 31 + i / 64)) return false;
  }
  return true;
}

/// Small, a few slices, many slices, in turn.
inline std::size_t size_of(std::uint64_t number) {
  constexpr std::size_t kSizes[] = {1, 100, 5000, 64 << 10, 128 << 10, 300 << 10, 0, 1 << 20, 40, 200 << 10};
  return kSizes[number % 10] + number % 7;
}

/// Sends `count` chunks and an end, waiting for credit as it goes.
inline void send_stream(Sender& sender, WakeBell& bell, std::uint64_t count, Pool& pool) {
  for (std::uint64_t i = 0; i < count; ++i) {
    Frame frame;
    frame.sequence = i;
    frame.chunk = numbered_chunk(pool, i, size_of(i));
    while (sender.send(std::span(&frame, 1)) == 0)
      bell.wait();
  }
  Frame end;
  end.kind = Frame::Kind::end;
  sender.send(std::span(&end, 1));
}

/// Receives up to the end; how many frames came that were not the one due.
struct Received {
  std::uint64_t chunks = 0;
  std::uint64_t astray = 0;
};
inline Received receive_stream(Receiver& receiver, WakeBell& bell) {
  Received out;
  std::vector<Frame> got;
  while (true) {
    got.clear();
    if (receiver.receive(got, 3) == 0) {
      receiver.consumed({}, true);
      bell.wait();
      continue;
    }
    for (const Frame& frame : got) {
      if (frame.kind == Frame::Kind::end) return out;
      bool due = frame.sequence == out.chunks && is_numbered(frame.chunk, out.chunks, size_of(out.chunks));
      out.astray += !due;
      ++out.chunks;
      receiver.consumed(frame.cost(), false);
    }
  }
}

}  // namespace leat::testing
