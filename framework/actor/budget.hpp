/// State budgets: what a stage may hold between visits, in bytes, declared and enforced.
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/chunk/result.hpp>

#include <cstdint>
#include <utility>

namespace leat {

/// Counts what one replica of a stage holds. Threads: one.
class StateBudget {
 public:
  explicit StateBudget(std::uint64_t limit) : limit_(limit) {}

  /// Takes `bytes`; false when they do not fit, and nothing is taken.
  bool take(std::uint64_t bytes) {
    if (bytes > limit_ - held_) return false;
    held_ += bytes;
    return true;
  }
  void give(std::uint64_t bytes) { held_ -= bytes; }

  std::uint64_t held() const { return held_; }
  std::uint64_t limit() const { return limit_; }

 private:
  std::uint64_t limit_;
  std::uint64_t held_ = 0;
};

/// A share of a budget, given back when it goes. Move-only; the budget must outlive it.
class Held {
 public:
  Held() = default;
  Held(StateBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {}
  Held(Held&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
  Held& operator=(Held&& other) noexcept {
    Held mine(std::move(*this));
    budget_ = std::exchange(other.budget_, nullptr);
    bytes_ = other.bytes_;
    return *this;
  }
  ~Held() {
    if (budget_) budget_->give(bytes_);
  }

 private:
  StateBudget* budget_ = nullptr;
  std::uint64_t bytes_ = 0;
};

/// A chunk a stage keeps after its visit, charged to the stage's state budget.
struct Kept {
  Chunk chunk;
  Held held;
};

}  // namespace leat
