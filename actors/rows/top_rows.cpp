#include <leat/actors/rows/top_rows.hpp>

#include <algorithm>
#include <array>
#include <tuple>

namespace leat {
namespace {

// With room for the copy while the heap grows.
std::uint64_t cost(const TopRow& row) { return 2 * sizeof(TopRow) + row.key.capacity() + row.bytes.capacity() + 64; }

constexpr std::size_t kBlock = 1024;

}  // namespace

TopRows::TopRows(RowOrder order, Fields fields, std::size_t most, std::uint64_t limit)
    : order_(std::move(order)), bytes_(std::move(fields), {}), most_(most), limit_(limit) {}

bool TopRows::add(const Table& table, StateBudget& budget) {
  const std::uint64_t* numbers = table.row_numbers();
  std::vector<ColumnPlace> cells = order_.cells(table);
  for (std::size_t from = 0; from < table.rows(); from += kBlock) {
    find(cells, from, std::min(kBlock, table.rows() - from));
    for (auto [prefix, at] : found_) {
      TopRow row{prefix, order_.key(cells, at), numbers ? numbers[at] : table.first_row() + at, {}};
      bool full = rows_.size() == most_;
      if (full && std::tie(row.key, row.number) > std::tie(rows_.front().key, rows_.front().number)) continue;
      bytes_.append(table, at, row.bytes);
      if (!keep(std::move(row), budget)) return false;
    }
  }
  return true;
}

void TopRows::find(std::span<const ColumnPlace> cells, std::size_t from, std::size_t count) {
  std::array<std::uint64_t, kBlock> prefixes;
  order_.prefixes(cells, from, count, prefixes.data());
  std::uint64_t worst = rows_.size() == most_ ? rows_.front().prefix : ~std::uint64_t{0};
  found_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    if (prefixes[i] <= worst) found_.emplace_back(prefixes[i], from + i);
  }
  if (found_.size() <= most_) return;
  // In a file that is sorted every row is better than all before it: only the best of each block are looked at.
  auto last = found_.begin() + static_cast<std::ptrdiff_t>(most_ - 1);
  std::nth_element(found_.begin(), last, found_.end());
  std::uint64_t least = last->first;
  std::erase_if(found_, [&](const auto& each) { return each.first > least; });
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

std::optional<Cutoff> TopRows::cutoff() const {
  if (rows_.empty() || rows_.size() < most_) return std::nullopt;
  const TopRow& last = rows_.front();
  const Field& field = bytes_.fields()[order_.columns()[0]];
  bool null = last.key[0] != '\0';
  if (null || in_heap(field.type)) return std::nullopt;
  std::uint64_t code = order_.greatest() ? ~last.prefix : last.prefix;
  constexpr auto kNone = ~std::uint64_t{0};
  bool by_number = order_.columns().size() == 1 && last.number < kNone;
  return Cutoff{field.name, order_.greatest(), code, by_number ? last.number + 1 : kNone};
}

void TopRows::clear() {
  rows_ = {};
  taken_ = 0;
  held_.release();
}

}  // namespace leat
