/// What the two ends of a channel publish of it while it runs: counts that only grow.
#pragma once

#include <leat/actor/credit.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace leat {

/// An Amount that one thread at a time sets and any reads: bytes and chunks may be of two moments.
class PublishedAmount {
 public:
  void set(Amount amount) {
    bytes_.store(amount.bytes, std::memory_order_release);
    chunks_.store(amount.chunks, std::memory_order_release);
  }
  Amount read() const { return {bytes_.load(std::memory_order_acquire), chunks_.load(std::memory_order_acquire)}; }

 private:
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> chunks_{0};
};

/// Threads: one sets each of its parts at a time; any reads. A cache line for each that writes.
struct ChannelMeter {
  /// Queue times of chunks: below 1 us, below 2 us, below 4 us ... ; the last is all that is longer.
  static constexpr std::size_t kQueueTimes = 32;

  explicit ChannelMeter(std::uint32_t channel_id = 0, Amount window = {}) : channel(channel_id) { limit.set(window); }

  const std::uint32_t channel;  ///< its id in the job

  alignas(64) PublishedAmount sent;     ///< by the sender
  std::atomic<std::uint64_t> waited_ns{0};  ///< for credit, by the sender's cell, once it is over
  alignas(64) PublishedAmount limit;    ///< as far as the sender knows
  alignas(64) PublishedAmount received; ///< come to this node; on a link within one process never set
  alignas(64) PublishedAmount consumed;
  std::atomic<std::uint64_t> longest_ns{0};
  std::array<std::atomic<std::uint64_t>, kQueueTimes> queued{};

  void waited(std::chrono::steady_clock::duration time) { raise(waited_ns, static_cast<std::uint64_t>(time.count())); }
  /// So many chunks have waited in the channel for `time`.
  void waited_in(std::chrono::steady_clock::duration time, std::uint64_t chunks) {
    auto ns = static_cast<std::uint64_t>(std::max(time, std::chrono::steady_clock::duration{}).count());
    raise(queued[std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(ns / 1000)), kQueueTimes - 1)], chunks);
    if (ns > longest_ns.load(std::memory_order_relaxed)) longest_ns.store(ns, std::memory_order_relaxed);
  }

 private:
  static void raise(std::atomic<std::uint64_t>& what, std::uint64_t by) {
    what.store(what.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
};

}  // namespace leat
