#include <leat/actors/rows/first_rows.hpp>

namespace leat {
namespace {

std::uint64_t cost(std::size_t bytes) { return bytes > 15 ? bytes + 32 : 0; }

}  // namespace

void FirstRows::resize(std::size_t groups, std::size_t capacity) {
  numbers_.reserve(capacity);
  numbers_.resize(groups);
  bytes_.reserve(capacity);
  bytes_.resize(groups);
  has_.reserve(capacity);
  has_.resize(groups);
}

template <class F>
void FirstRows::each_nearer(const GroupedRows& rows, F f) const {
  std::string bytes;
  const std::uint64_t* numbers = rows.table->row_numbers();
  std::uint64_t first = rows.table->first_row();
  for (std::size_t i = 0; i < rows.count(); ++i) {
    std::size_t row = rows.from + i;
    std::uint32_t group = rows.groups[i];
    std::uint64_t number = numbers ? numbers[row] : first + row;
    if (has_[group] && number > numbers_[group]) continue;
    bytes.clear();
    rows_.append(*rows.table, row, bytes);
    f(group, number, bytes);
  }
}

std::uint64_t FirstRows::most_more(const GroupedRows& rows) const {
  std::uint64_t more = 0;
  each_nearer(rows, [&](std::uint32_t, std::uint64_t, const std::string& bytes) { more += cost(bytes.size()); });
  return more;
}

void FirstRows::add(const GroupedRows& rows) {
  each_nearer(rows, [&](std::uint32_t group, std::uint64_t number, const std::string& bytes) {
    if (has_[group] && number == numbers_[group] && bytes_[group] <= bytes) return;
    held_ += cost(bytes.size()) - cost(bytes_[group].size());
    std::string(bytes).swap(bytes_[group]);
    numbers_[group] = number;
    has_[group] = 1;
  });
}

}  // namespace leat
