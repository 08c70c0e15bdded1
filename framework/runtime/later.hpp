/// What a step that answers Step::later has asked for, and whether it has come.
#pragma once

#include <leat/actor/wake.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

namespace leat {

/// Threads: that of its cell; what waker() gives is for any.
class Later {
 public:
  using Clock = std::chrono::steady_clock;

  /// `cell`: wakes the cell that rests because of it.
  explicit Later(Wake cell) : cell_(std::move(cell)) {}

  /// Before a step: whatever it was called for is being seen to.
  void begin() {
    at_ = Clock::time_point::max();
    if (rung_ && rung_->load(std::memory_order_relaxed)) rung_->store(false, std::memory_order_seq_cst);
  }

  Wake waker() {
    if (!rung_) rung_ = std::make_shared<std::atomic<bool>>(false);
    return [rung = rung_, cell = cell_] {
      rung->store(true, std::memory_order_seq_cst);
      if (cell) cell();
    };
  }
  void call_at(Clock::time_point when) { at_ = std::min(at_, when); }

  /// Something can call it again. A waker that was asked for once is kept by whoever asked.
  bool asked() const { return rung_ || at_ != Clock::time_point::max(); }
  bool due(Clock::time_point now) const { return now >= at_ || (rung_ && rung_->load(std::memory_order_seq_cst)); }
  /// When it is due if nothing wakes it.
  Clock::time_point at() const { return at_; }

 private:
  Wake cell_;
  std::shared_ptr<std::atomic<bool>> rung_;
  Clock::time_point at_ = Clock::time_point::max();
};

}  // namespace leat
