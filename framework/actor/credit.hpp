/// Credit arithmetic: pure, counted in bytes and in chunks, cumulative.
///
/// A receiver announces how much it will ever have accepted (`limit`); a sender counts what it has
/// ever sent. Both only grow and the sender takes the greatest limit it saw, so a lost, repeated or
/// reordered announcement does no harm (credit-based flow control: Kung, Blackwell and Chapman, 1994).
#pragma once

#include <leat/actor/saturating.hpp>

#include <cstdint>
#include <optional>

namespace leat {

/// An amount of credit. One chunk with a footprint of n bytes is {n, 1}. Sums do not wrap: a window without
/// end stays one.
struct Amount {
  std::uint64_t bytes = 0;
  std::uint64_t chunks = 0;

  friend bool operator==(const Amount&, const Amount&) = default;
  Amount& operator+=(const Amount& o) {
    bytes = plus(bytes, o.bytes);
    chunks = plus(chunks, o.chunks);
    return *this;
  }
  friend Amount operator+(Amount a, const Amount& b) { return a += b; }
  friend Amount operator-(const Amount& a, const Amount& b) {
    return {a.bytes - b.bytes, a.chunks - b.chunks};
  }
  /// True when both parts are at most those of `o`.
  bool within(const Amount& o) const { return bytes <= o.bytes && chunks <= o.chunks; }
};

/// The sender's books of one channel. Invariant: sent() within limit().
class SenderCredit {
 public:
  explicit SenderCredit(Amount window) : limit_(window) {}

  /// True when `amount` may be sent now.
  bool allows(Amount amount) const { return (sent_ + amount).within(limit_); }
  /// Books `amount` as sent. Only after allows().
  void charge(Amount amount) { sent_ += amount; }
  /// Takes an announcement of the receiver; stale ones change nothing.
  void announced(Amount limit);

  Amount sent() const { return sent_; }
  Amount limit() const { return limit_; }

 private:
  Amount limit_;
  Amount sent_;
};

/// The receiver's books of one channel. Invariant: received() - consumed() within the window.
class ReceiverCredit {
 public:
  explicit ReceiverCredit(Amount window) : window_(window), announced_(window) {}

  /// Books an arrival; false when the sender had no credit for it, and nothing is booked.
  bool receive(Amount amount);
  /// Books the end of visits.
  void consume(Amount amount) { consumed_ += amount; }
  /// The limit to announce now: when a quarter of the window came free since the last announcement,
  /// or, when the receiver is idle, as soon as anything did.
  std::optional<Amount> announce(bool idle);

  Amount consumed() const { return consumed_; }
  Amount outstanding() const { return received_ - consumed_; }
  Amount window() const { return window_; }

 private:
  Amount window_;
  Amount announced_;
  Amount received_;
  Amount consumed_;
};

}  // namespace leat
