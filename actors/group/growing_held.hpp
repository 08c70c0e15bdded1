/// A share of a state budget that grows with what it is for.
///
///   leat::GrowingHeld held;
///   if (!held.cover(out.budget(), bytes)) ...   // there is no room for so many
///
/// Threads: one. The budget must outlive it.
#pragma once

#include <leat/actor/budget.hpp>

#include <vector>

namespace leat {

class GrowingHeld {
 public:
  /// Takes what is missing to `bytes` in all; false when it does not fit, and nothing is taken.
  bool cover(StateBudget& budget, std::uint64_t bytes) {
    if (bytes <= bytes_) return true;
    if (!budget.take(bytes - bytes_)) return false;
    shares_.emplace_back(budget, bytes - bytes_);
    bytes_ = bytes;
    return true;
  }
  /// Gives all back.
  void release() {
    shares_.clear();
    bytes_ = 0;
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::vector<Held> shares_;
  std::uint64_t bytes_ = 0;
};

}  // namespace leat
