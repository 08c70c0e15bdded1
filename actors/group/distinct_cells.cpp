#include <leat/actors/group/state.hpp>

#include <algorithm>

namespace leat {
namespace {

struct AnyRoom final : GroupRoom {
  bool has(std::size_t, std::uint64_t) override { return true; }
};

ColumnType widest(ColumnType type) {
  if (in_heap(type)) return ColumnType::TEXT;
  return is_real(type) ? ColumnType::F64 : ColumnType::I64;
}

// Pairs of a group and a cell, each kept once.
class DistinctCells final : public GroupState {
 public:
  explicit DistinctCells(ColumnType type)
      : type_(widest(type)), pairs_({ColumnType::I64, type_}), groups_(GroupKeys::kBlock), found_(GroupKeys::kBlock) {}

  std::size_t bytes_a_group() const override { return sizeof(std::int64_t); }
  void resize(std::size_t groups, std::size_t capacity) override {
    counts_.reserve(capacity);
    counts_.resize(groups);
  }
  std::uint64_t held() const override { return with(0, 0); }
  std::uint64_t most_more(const GroupedRows& rows) const override {
    std::uint64_t letters = 0;
    for (std::size_t i = 0; type_ == ColumnType::TEXT && i < rows.count(); ++i) {
      letters += cost(rows.cells.text(rows.from + i).size());
    }
    return with(rows.count(), letters) - held();
  }
  std::uint64_t most_more(std::string_view part) const override { return with(1, cost(part.size())) - held(); }

  void add(const GroupedRows& rows) override {
    groups_.resize(std::max(groups_.size(), rows.from + rows.count()));
    std::copy(rows.groups.begin(), rows.groups.end(), groups_.begin() + static_cast<std::ptrdiff_t>(rows.from));
    ColumnPlace columns[] = {group_column(), rows.cells};
    if (rows.first_of_chunk) pairs_.begin(columns);
    pairs_.read(columns, rows.from, rows.count());
    for (std::size_t at = 0; at < rows.count();) {
      std::size_t end = at;
      while (end < rows.count() && rows.cells.valid(rows.from + end)) ++end;
      count(at, end - at);
      at = end + 1;
    }
  }
  bool add_part(std::uint32_t group, std::string_view part) override {
    groups_[0] = group;
    ColumnPlace columns[] = {group_column(), ColumnPlace{.type = type_}};
    std::uint64_t code = 0;
    Span span{1, static_cast<std::uint32_t>(part.size() - 1)};
    columns[1].heap = part.data();
    columns[1].heap_size = part.size();
    columns[1].cells = reinterpret_cast<const std::byte*>(&span);
    if (type_ != ColumnType::TEXT) {
      if (part.size() != sizeof code) return false;
      std::memcpy(&code, part.data(), sizeof code);
      if (type_ == ColumnType::F64) {
        code = std::bit_cast<std::uint64_t>(real_of(code));
      } else {
        code = static_cast<std::uint64_t>(integer_of(code));
      }
      columns[1].cells = reinterpret_cast<const std::byte*>(&code);
    }
    pairs_.read(columns, 0, 1);
    count(0, 1);
    return true;
  }
  std::size_t part_bytes(std::uint32_t) const override { return 0; }
  void write_part(std::uint32_t, std::string&) const override {}

  std::size_t items() const override { return pairs_.size(); }
  std::uint32_t group_of(std::size_t item) const override {
    return static_cast<std::uint32_t>(integer_of(pairs_.code(0, static_cast<std::uint32_t>(item))));
  }
  std::size_t item_bytes(std::size_t item) const override {
    auto pair = static_cast<std::uint32_t>(item);
    return type_ == ColumnType::TEXT ? 1 + pairs_.text(1, pair).length() : sizeof(std::uint64_t);
  }
  void write_item(std::size_t item, std::string& to) const override {
    auto pair = static_cast<std::uint32_t>(item);
    if (type_ != ColumnType::TEXT) return write_number(to, pairs_.code(1, pair));
    to += '=';
    to += pairs_.text(1, pair).view();
  }
  Result<void> write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const override {
    auto* cells = builder.cells<std::int64_t>(to).data();
    for (std::size_t row = 0; row < groups.size(); ++row) cells[row] = counts_[groups[row]];
    return {};
  }

 private:
  ColumnPlace group_column() const {
    return {.type = ColumnType::I64, .cells = reinterpret_cast<const std::byte*>(groups_.data())};
  }
  static std::uint64_t cost(std::size_t length) { return length > ShortText::kInPlace ? KeptTexts::cost(length) : 0; }
  // Of so many pairs more, and what it takes to put them in order.
  std::uint64_t with(std::size_t more, std::uint64_t letters) const {
    std::size_t pairs = pairs_.size() + more;
    return pairs == 0 ? 0 : pairs_.bytes(pairs) + pairs_.letters(letters) + 8 * GroupKeys::capacity(pairs);
  }
  void count(std::size_t at, std::size_t rows) {
    AnyRoom room;
    std::size_t before = pairs_.size();
    pairs_.find(at, rows, found_.data(), room);
    for (; before < pairs_.size(); ++before) ++counts_[group_of(before)];
  }

  ColumnType type_;
  GroupKeys pairs_;
  std::vector<std::int64_t> counts_;
  std::vector<std::int64_t> groups_;  // of the rows of the chunk in hand
  std::vector<std::uint32_t> found_;
};

}  // namespace

std::unique_ptr<GroupState> distinct_state(ColumnType type) { return std::make_unique<DistinctCells>(type); }

}  // namespace leat
