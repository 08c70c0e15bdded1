#include <leat/actors/group/groups.hpp>

#include <algorithm>

namespace leat {
namespace {

// To put groups in order, and for the copy of the one array that grows.
constexpr std::size_t kOrderBytes = 24;
constexpr std::size_t kCopyBytes = 48;

}  // namespace

Groups::Groups(std::vector<ColumnType> keys, std::function<GroupStates()> states, std::uint64_t limit)
    : types_(std::move(keys)),
      make_(std::move(states)),
      limit_(limit),
      keys_(types_),
      states_(make_()),
      found_(GroupKeys::kBlock) {
  for (const auto& state : states_) each_ += state->bytes_a_group();
}

std::uint64_t Groups::block_bytes(std::size_t columns, std::size_t rows) {
  return (columns + 1) * (2 * GroupKeys::kBlock + rows) * 24;
}

void Groups::begin(const Table& table, const std::vector<std::size_t>& keys, const std::vector<std::size_t>& columns) {
  table_ = table;
  key_cells_.clear();
  cells_.clear();
  for (std::size_t key : keys) key_cells_.push_back(place_of(table, key));
  for (std::size_t column : columns) cells_.push_back(column == kNoColumn ? ColumnPlace() : place_of(table, column));
  keys_.begin(key_cells_);
  first_of_chunk_ = true;
}

bool Groups::room(std::size_t groups, std::uint64_t letters, std::uint64_t more) {
  // All that has grown since was asked for with as many groups, or more.
  if (groups <= granted_ && letters == 0 && more == 0) return true;
  if (groups > granted_) {
    fixed_ = keys_.bytes(groups) + GroupKeys::capacity(groups) * (each_ + kOrderBytes + kCopyBytes);
  }
  std::uint64_t bytes = fixed_ + keys_.letters(letters) + more;
  for (const auto& state : states_) bytes += state->held();
  bool has = bytes <= limit_ && held_.cover(*budget_, bytes);
  // Asked for anew with the next group, where it has not been granted.
  granted_ = has ? std::max(granted_, GroupKeys::capacity(groups)) : 0;
  return has;
}

std::size_t Groups::find(std::size_t from, std::size_t count) {
  keys_.read(key_cells_, from, count);
  count = keys_.find(0, count, found_.data(), *this);
  resize();
  return count;
}

void Groups::resize() {
  for (auto& state : states_) state->resize(size(), GroupKeys::capacity(size()));
}

GroupedRows Groups::rows_of(std::size_t state, std::size_t from, std::size_t count) const {
  return {&table_, cells_[state], from, {found_.data(), count}, first_of_chunk_};
}

template <class More, class Take>
Result<std::size_t> Groups::each_block(std::size_t from, More more, Take take) {
  for (std::size_t most = GroupKeys::kBlock; from < table_.rows();) {
    bool empty = size() == 0;
    std::size_t found = find(from, std::min(most, table_.rows() - from));
    // What states may take besides is asked for before they do, for fewer rows where it is too much.
    std::size_t count = found;
    for (; count > 0; count /= 2) {
      std::uint64_t bytes = more(from, count);
      if (bytes == 0 || room(size(), 0, bytes)) break;
    }
    if (count == 0) {
      if (!empty || found <= 1) return from;
      // The groups of all these rows left no room for what is kept of the first.
      clear();
      keys_.begin(key_cells_);
      first_of_chunk_ = true;
      most = found / 2;
      continue;
    }
    if (Result<void> taken = take(from, count); !taken) return taken.error();
    first_of_chunk_ = false;
    from += count;
  }
  return from;
}

std::size_t Groups::add(std::size_t from, StateBudget& budget) {
  budget_ = &budget;
  auto more = [&](std::size_t row, std::size_t count) {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) bytes += states_[i]->most_more(rows_of(i, row, count));
    return bytes;
  };
  auto take = [&](std::size_t row, std::size_t count) -> Result<void> {
    for (std::size_t i = 0; i < states_.size(); ++i) states_[i]->add(rows_of(i, row, count));
    return {};
  };
  return *each_block(from, more, take);
}

Result<std::size_t> Groups::add_parts(std::size_t from, StateBudget& budget) {
  budget_ = &budget;
  auto more = [&](std::size_t row, std::size_t count) {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      for (std::size_t at = row; at < row + count; ++at) bytes += states_[i]->most_more(cells_[i].text(at));
    }
    return bytes;
  };
  return each_block(from, more, [&](std::size_t row, std::size_t count) { return join(row, count); });
}

Result<void> Groups::join(std::size_t from, std::size_t count) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    for (std::size_t row = 0; row < count; ++row) {
      auto part = cells_[i].text(from + row);
      if (part.empty() || states_[i]->add_part(found_[row], part)) continue;
      return corrupt("a part of a group is not what its aggregate makes: see what sent it");
    }
  }
  return {};
}

bool Groups::add_only(StateBudget& budget) {
  budget_ = &budget;
  if (size() > 0 || !types_.empty()) return true;
  return find(0, 1) == 1;
}

void Groups::clear() {
  keys_ = GroupKeys(types_);
  states_ = make_();
  granted_ = 0;
  held_.release();
}

}  // namespace leat
