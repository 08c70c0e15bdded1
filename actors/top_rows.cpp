#include <leat/actors/top_rows.hpp>

#include <algorithm>
#include <array>
#include <tuple>

namespace leat {
namespace {

// With room for the copy while the heap grows.
std::uint64_t cost(const TopRow& row) { return 2 * sizeof(TopRow) + row.key.size() + row.bytes.size() + 64; }

constexpr std::size_t kBlock = 1024;

}  // namespace

TopRows::TopRows(RowOrder order, Fields fields, std::size_t most, std::uint64_t limit)
    : order_(std::move(order)), bytes_(std::move(fields), {}), most_(most), limit_(limit) {}

bool TopRows::add(const Table& table, StateBudget& budget) {
  std::array<std::uint64_t, kBlock> prefixes;
  const std::uint64_t* numbers = table.row_numbers();
  for (std::size_t from = 0; from < table.rows(); from += kBlock) {
    std::size_t count = std::min(kBlock, table.rows() - from);
    order_.prefixes(table, from, count, prefixes.data());
    for (std::size_t i = 0; i < count; ++i) {
      bool full = rows_.size() == most_;
      if (full && prefixes[i] > rows_.front().prefix) continue;
      std::size_t at = from + i;
      TopRow row{prefixes[i], order_.key(table, at), numbers ? numbers[at] : table.first_row() + at, {}};
      if (full && std::tie(row.key, row.number) > std::tie(rows_.front().key, rows_.front().number)) continue;
      bytes_.append(table, at, row.bytes);
      if (!keep(std::move(row), budget)) return false;
    }
  }
  return true;
}

bool TopRows::keep(TopRow row, StateBudget& budget) {
  auto before = [](const TopRow& a, const TopRow& b) {
    return std::tie(a.key, a.number, a.bytes) < std::tie(b.key, b.number, b.bytes);
  };
  if (rows_.size() == most_) {
    if (!before(row, rows_.front())) return true;
    std::pop_heap(rows_.begin(), rows_.end(), before);
    taken_ -= cost(rows_.back());
    rows_.pop_back();
  }
  taken_ += cost(row);
  if (taken_ > limit_ || !held_.cover(budget, taken_)) return false;
  rows_.push_back(std::move(row));
  std::push_heap(rows_.begin(), rows_.end(), before);
  return true;
}

void TopRows::clear() {
  rows_ = {};
  taken_ = 0;
  held_.release();
}

}  // namespace leat
