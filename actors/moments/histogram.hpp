/// Histogram: how many numbers lie where, in at most 32 bins whose width is a power of two and whose edges are its
/// multiples.
///
///   leat::Histogram histogram;
///   histogram.add(numbers, count, least, greatest);
///   histogram.join(another);
///
/// Contract. The width is the least with which all numbers lie in 32 bins, so that the bins do not depend on the order
/// in which numbers come, or on how they are shared out: narrower bins are parts of wider ones. Numbers are finite.
/// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace leat {

class Histogram {
 public:
  static constexpr std::size_t kMost = 32;

  Histogram() = default;
  Histogram(int exponent, std::int64_t first, std::vector<std::uint64_t> counts)
      : exponent_(exponent), first_(first), counts_(std::move(counts)) {}

  /// `least` and `greatest` of the numbers, of which there is one at least.
  void add(const double* numbers, std::size_t count, double least, double greatest);
  void join(const Histogram& other);

  int exponent() const { return exponent_; }
  std::int64_t first() const { return first_; }
  /// From the first bin on; empty: no number.
  const std::vector<std::uint64_t>& counts() const { return counts_; }
  double from() const;
  double width() const;

 private:
  void widen(int exponent);
  void make_room(std::int64_t first, std::int64_t last);

  int exponent_ = 0;
  std::int64_t first_ = 0;
  std::vector<std::uint64_t> counts_;
};

}  // namespace leat
