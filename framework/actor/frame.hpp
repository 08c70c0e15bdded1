/// Frames: what travels down a Channel, in order.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/credit.hpp>
#include <leat/chunk/chunk.hpp>

#include <chrono>
#include <cstdint>

namespace leat {

/// Where a chunk comes from and how long it may take: what is made of one inherits it. The deadline does not travel
/// between nodes.
struct Trace {
  static constexpr std::uint32_t kNoSource = ~std::uint32_t{0};

  std::uint32_t source = kNoSource;  ///< stage that gave the first chunk; kNoSource: not known
  std::uint64_t number = 0;          ///< of that chunk, from 0, as its source counts
  /// It is to be sent on by then, however little there is to send with it.
  std::chrono::steady_clock::time_point due = std::chrono::steady_clock::time_point::max();
};

/// One entry of a channel's FIFO.
struct Frame {
  enum class Kind : std::uint8_t {
    data,     ///< a chunk; costs its footprint and one chunk of credit
    done,     ///< nothing more comes for `sequence`; costs one chunk, no bytes (see docs/credit.md)
    barrier,  ///< a checkpoint's cut; free
    end,      ///< the channel's last frame; free
  };

  Frame() = default;
  /// Data, in place: a frame that is filled in and then moved stalls.
  Frame(Chunk&& what, std::uint64_t number, std::chrono::steady_clock::time_point waits_since, const Trace& of)
      : sequence(number), since(waits_since), trace(of), chunk(std::move(what)) {}

  Kind kind = Kind::data;
  bool closes = false;                ///< data that is the last of its sequence: a `done` saved
  Ending ending = Ending::complete;   ///< of an end
  std::uint32_t epoch = 0;            ///< incarnation of the job
  std::uint64_t sequence = 0;         ///< in ordered regions: which of the region's inputs it is of
  /// Since when it waits: staged here, or come from another node. Never travels; none: not known.
  std::chrono::steady_clock::time_point since{};
  Trace trace = {};
  Chunk chunk;

  Amount cost() const {
    if (kind == Kind::data) return {chunk.footprint(), 1};
    return {0, kind == Kind::done ? std::uint64_t{1} : 0};
  }
};

}  // namespace leat
