/// Groups of keys that lie close together, as hours of the day and days of the week do: found by place, not by hash.
///
///   leat::NarrowKeys narrow;
///   if (narrow.take(codes, 1024)) group = narrow.group(row);     // 0: not met yet
///
/// The places of a key's columns are put side by side as bits, from the least of each that was met on, in no more
/// than kPlaces. Keys that are wider are not taken, and after some blocks of them nothing is. Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace leat {

class NarrowKeys {
 public:
  static constexpr unsigned kBits = 12;
  static constexpr std::size_t kPlaces = std::size_t{1} << kBits;

  /// Whether it is of use to call take().
  bool may_be() const { return wide_ < kMostWide; }
  /// Finds the places of `count` keys, each column's codes in one array. False: they are too wide.
  bool take(const std::vector<const std::uint64_t*>& codes, std::size_t count);
  /// Of a key that was taken: its group counted from 1, 0 where none was set since the places were last laid out.
  std::uint32_t group(std::size_t row) const { return groups_[places_[row]]; }
  void set(std::size_t row, std::uint32_t group) { groups_[places_[row]] = group; }

 private:
  static constexpr unsigned kMostWide = 8;

  struct Column {
    std::uint64_t least = ~std::uint64_t{0};
    std::uint64_t most = 0;
    unsigned bits = 0;
  };

  bool place(const std::vector<const std::uint64_t*>& codes, std::size_t count);
  bool widen(const std::vector<const std::uint64_t*>& codes, std::size_t count);

  std::vector<Column> columns_;
  std::vector<std::uint32_t> places_;  // by row
  std::vector<std::uint32_t> groups_;  // by place
  unsigned wide_ = 0;                  // blocks that were
};

}  // namespace leat
