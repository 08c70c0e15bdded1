#include <leat/actors/group/exact_sum.hpp>
#include <leat/actors/group/state.hpp>

#include <limits>
#include <unordered_map>

namespace leat {
namespace {

class Counts final : public GroupState {
 public:
  std::size_t bytes_a_group() const override { return sizeof(std::int64_t); }
  void resize(std::size_t groups, std::size_t capacity) override {
    counts_.reserve(capacity);
    counts_.resize(groups);
  }
  void add(const GroupedRows& rows) override {
    if (!rows.cells.validity) {
      for (std::uint32_t group : rows.groups) ++counts_[group];
      return;
    }
    for (std::size_t i = 0; i < rows.count(); ++i) counts_[rows.groups[i]] += rows.cells.valid(rows.from + i);
  }
  bool add_part(std::uint32_t group, std::string_view part) override {
    std::int64_t count = 0;
    if (!read_number(part, count) || !part.empty()) return false;
    counts_[group] += count;
    return true;
  }
  std::size_t part_bytes(std::uint32_t) const override { return sizeof(std::int64_t); }
  void write_part(std::uint32_t group, std::string& to) const override { write_number(to, counts_[group]); }
  Result<void> write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const override {
    auto* cells = builder.cells<std::int64_t>(to).data();
    for (std::size_t row = 0; row < groups.size(); ++row) cells[row] = counts_[groups[row]];
    return {};
  }

 private:
  std::vector<std::int64_t> counts_;
};

struct IntegerSum {
  __int128 sum = 0;
  std::int64_t count = 0;
};

class IntegerSums final : public GroupState {
 public:
  explicit IntegerSums(bool mean) : mean_(mean) {}

  std::size_t bytes_a_group() const override { return sizeof(IntegerSum); }
  void resize(std::size_t groups, std::size_t capacity) override {
    sums_.reserve(capacity);
    sums_.resize(groups);
  }
  void add(const GroupedRows& rows) override {
    with_typed(rows.cells, [&](auto* first) {
      auto* cells = first + rows.from;
      for (std::size_t i = 0; i < rows.count(); ++i) {
        if (rows.cells.validity && !rows.cells.valid(rows.from + i)) continue;
        IntegerSum& sum = sums_[rows.groups[i]];
        sum.sum += static_cast<std::int64_t>(cells[i]);
        ++sum.count;
      }
    });
  }
  bool add_part(std::uint32_t group, std::string_view part) override {
    IntegerSum more;
    if (!read_number(part, more.sum) || !read_number(part, more.count) || !part.empty()) return false;
    sums_[group].sum += more.sum;
    sums_[group].count += more.count;
    return true;
  }
  std::size_t part_bytes(std::uint32_t) const override { return 24; }
  void write_part(std::uint32_t group, std::string& to) const override {
    write_number(to, sums_[group].sum);
    write_number(to, sums_[group].count);
  }
  Result<void> write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const override {
    std::byte* cells = builder.raw_cells(to);
    for (std::size_t row = 0; row < groups.size(); ++row) {
      const IntegerSum& of = sums_[groups[row]];
      auto whole = static_cast<std::int64_t>(of.sum);
      if (of.count == 0) {
        builder.set_null(to, row);
      } else if (mean_) {
        put_ordered(ColumnType::F64, cells, row, ordered(static_cast<double>(of.sum) / static_cast<double>(of.count)));
      } else if (whole != of.sum) {
        return corrupt("a sum of integers is beyond i64: parse the column as f64, whose sums have no such end");
      } else {
        put_ordered(ColumnType::I64, cells, row, ordered(whole));
      }
    }
    return {};
  }

 private:
  bool mean_;
  std::vector<IntegerSum> sums_;
};

// One of floats: what has no place in a narrow sum is in a wide one, or among the flags.
struct RealSum {
  NarrowSum narrow;
  std::int64_t count = 0;
};

enum : std::uint8_t { kNan = 1, kInfinity = 2, kMinusInfinity = 4 };

class RealSums final : public GroupState {
 public:
  explicit RealSums(bool mean) : mean_(mean) {}

  std::size_t bytes_a_group() const override { return sizeof(RealSum) + 1; }
  void resize(std::size_t groups, std::size_t capacity) override {
    sums_.reserve(capacity);
    sums_.resize(groups);
    flags_.reserve(capacity);
    flags_.resize(groups);
  }
  std::uint64_t held() const override { return wide_.size() * kWideBytes; }
  std::uint64_t most_more(const GroupedRows& rows) const override {
    std::size_t outside = 0;
    with_typed(rows.cells, [&](auto* first) {
      auto* cells = first + rows.from;
      for (std::size_t i = 0; i < rows.count(); ++i) outside += !NarrowSum::takes(static_cast<double>(cells[i]));
    });
    return outside * kWideBytes;
  }
  std::uint64_t most_more(std::string_view part) const override { return part.size() > kPart ? kWideBytes : 0; }
  void add(const GroupedRows& rows) override {
    with_typed(rows.cells, [&](auto* first) {
      auto* cells = first + rows.from;
      for (std::size_t i = 0; i < rows.count(); ++i) {
        if (rows.cells.validity && !rows.cells.valid(rows.from + i)) continue;
        add(rows.groups[i], static_cast<double>(cells[i]));
      }
    });
  }
  bool add_part(std::uint32_t group, std::string_view part) override {
    RealSum more;
    std::uint8_t flags = 0;
    WideSum wide;
    if (!read_number(part, more.narrow) || !read_number(part, more.count) || !read_number(part, flags)) return false;
    bool outside = !part.empty();
    if (outside && (!read_number(part, wide) || !part.empty())) return false;
    sums_[group].count += more.count;
    flags_[group] |= flags;
    wide.add(more.narrow);
    if (outside || !joined(sums_[group].narrow, more.narrow)) wide_[group].add(wide);
    return true;
  }
  std::size_t part_bytes(std::uint32_t group) const override {
    return kPart + (wide_.count(group) ? sizeof(WideSum) : 0);
  }
  void write_part(std::uint32_t group, std::string& to) const override {
    write_number(to, sums_[group].narrow);
    write_number(to, sums_[group].count);
    write_number(to, flags_[group]);
    if (auto wide = wide_.find(group); wide != wide_.end()) write_number(to, wide->second);
  }
  Result<void> write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const override {
    auto* cells = builder.cells<double>(to).data();
    for (std::size_t row = 0; row < groups.size(); ++row) {
      if (sums_[groups[row]].count == 0) {
        builder.set_null(to, row);
      } else {
        cells[row] = result(groups[row]);
      }
    }
    return {};
  }

 private:
  static constexpr std::size_t kPart = sizeof(NarrowSum) + 9;
  static constexpr std::uint64_t kWideBytes = sizeof(WideSum) + 64;

  void add(std::uint32_t group, double number) {
    RealSum& sum = sums_[group];
    ++sum.count;
    if (NarrowSum::takes(number)) {
      sum.narrow.add(number);
      if (sum.narrow.nearly_full()) empty(group);
    } else {
      add_outside(group, number);
    }
  }
  void empty(std::uint32_t group) {
    wide_[group].add(sums_[group].narrow);
    sums_[group].narrow = {};
  }
  void add_outside(std::uint32_t group, double number) {
    if (std::isnan(number)) {
      flags_[group] |= kNan;
    } else if (std::isinf(number)) {
      flags_[group] |= number > 0 ? kInfinity : kMinusInfinity;
    } else {
      wide_[group].add(number);
    }
  }
  // False where it has no place, and nothing is changed: only of sums that are nearly full.
  static bool joined(NarrowSum& to, const NarrowSum& more) {
    if (to.nearly_full() || more.nearly_full()) return false;
    unsigned __int128 carry = 0;
    for (std::size_t i = 0; i < to.words.size(); ++i) {
      carry += static_cast<unsigned __int128>(to.words[i]) + more.words[i];
      to.words[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return true;
  }
  double result(std::uint32_t group) const {
    std::uint8_t flags = flags_[group];
    if (flags & kNan || (flags & kInfinity && flags & kMinusInfinity)) return std::numeric_limits<double>::quiet_NaN();
    if (flags) return flags & kInfinity ? HUGE_VAL : -HUGE_VAL;
    WideSum all;
    all.add(sums_[group].narrow);
    if (auto wide = wide_.find(group); wide != wide_.end()) all.add(wide->second);
    return mean_ ? all.mean(sums_[group].count) : all.value();
  }

  bool mean_;
  std::vector<RealSum> sums_;
  std::vector<std::uint8_t> flags_;
  std::unordered_map<std::uint32_t, WideSum> wide_;
};

}  // namespace

std::unique_ptr<GroupState> count_state() { return std::make_unique<Counts>(); }

std::unique_ptr<GroupState> sum_state(ColumnType type, bool mean) {
  if (is_real(type)) return std::make_unique<RealSums>(mean);
  return std::make_unique<IntegerSums>(mean);
}

}  // namespace leat
