#include <leat/actors/group/state.hpp>

#include <optional>

namespace leat {
namespace {

// A cell of each group, or none: numbers as ordered integers, texts as they are.
class Values {
 public:
  explicit Values(ColumnType type) : type_(type), is_text_(in_heap(type)) {}

  std::size_t bytes_a_group() const { return 1 + (is_text_ ? sizeof(std::string) : sizeof(std::uint64_t)); }
  void resize(std::size_t groups, std::size_t capacity) {
    has_.reserve(capacity);
    has_.resize(groups);
    if (is_text_) {
      texts_.reserve(capacity);
      texts_.resize(groups);
    } else {
      codes_.reserve(capacity);
      codes_.resize(groups);
    }
  }
  bool is_text() const { return is_text_; }
  ColumnType type() const { return type_; }
  std::uint64_t held() const { return held_; }
  static std::uint64_t cost(std::size_t length) { return length > kInPlace ? length + 32 : 0; }

  bool has(std::uint32_t group) const { return has_[group] != 0; }
  std::uint64_t code(std::uint32_t group) const { return codes_[group]; }
  std::string_view text(std::uint32_t group) const { return texts_[group]; }
  void set(std::uint32_t group, std::uint64_t code) {
    has_[group] = 1;
    codes_[group] = code;
  }
  // What a text holds is to depend on it alone: never more than its letters.
  void set(std::uint32_t group, std::string_view text) {
    has_[group] = 1;
    held_ += cost(text.size()) - cost(texts_[group].size());
    std::string(text).swap(texts_[group]);
  }

  std::size_t part_bytes(std::uint32_t group) const {
    return !has(group) ? 0 : is_text_ ? texts_[group].size() : sizeof(std::uint64_t);
  }
  void write_part(std::uint32_t group, std::string& to) const {
    if (!has(group)) return;
    if (is_text_) {
      to += texts_[group];
    } else {
      write_number(to, codes_[group]);
    }
  }
  std::size_t text_bytes(std::uint32_t group) const { return is_text_ ? texts_[group].size() : 0; }
  void write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const {
    std::byte* cells = builder.raw_cells(to);
    for (std::size_t row = 0; row < groups.size(); ++row) {
      if (!has(groups[row])) {
        builder.set_null(to, row);
      } else if (is_text_) {
        builder.put(to, row, texts_[groups[row]]);
      } else {
        put_ordered(type_, cells, row, codes_[groups[row]]);
      }
    }
  }

 private:
  static constexpr std::size_t kInPlace = 15;

  ColumnType type_;
  bool is_text_;
  std::vector<std::uint8_t> has_;
  std::vector<std::uint64_t> codes_;
  std::vector<std::string> texts_;
  std::uint64_t held_ = 0;
};

// By how much values can grow with these rows.
std::uint64_t letters_of(const Values& values, const GroupedRows& rows) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; values.is_text() && i < rows.count(); ++i) {
    bytes += Values::cost(rows.cells.text(rows.from + i).size());
  }
  return bytes;
}

class Extremes final : public GroupState {
 public:
  Extremes(ColumnType type, bool greatest) : values_(type), greatest_(greatest), codes_(GroupKeys::kBlock) {}

  std::size_t bytes_a_group() const override { return values_.bytes_a_group(); }
  void resize(std::size_t groups, std::size_t capacity) override { values_.resize(groups, capacity); }
  std::uint64_t held() const override { return values_.held(); }
  std::uint64_t most_more(const GroupedRows& rows) const override { return letters_of(values_, rows); }
  std::uint64_t most_more(std::string_view part) const override { return Values::cost(part.size()); }
  void add(const GroupedRows& rows) override {
    if (!values_.is_text()) ordered_cells(rows.cells, rows.from, rows.count(), codes_.data());
    for (std::size_t i = 0; i < rows.count(); ++i) {
      if (rows.cells.validity && !rows.cells.valid(rows.from + i)) continue;
      if (values_.is_text()) {
        take(rows.groups[i], rows.cells.text(rows.from + i));
      } else {
        take(rows.groups[i], codes_[i]);
      }
    }
  }
  bool add_part(std::uint32_t group, std::string_view part) override {
    part.remove_prefix(1);
    if (values_.is_text()) {
      take(group, part);
      return true;
    }
    std::uint64_t code = 0;
    if (!read_number(part, code) || !part.empty()) return false;
    take(group, code);
    return true;
  }
  // A byte goes before the value: that of no rows is empty, and so may a text be.
  std::size_t part_bytes(std::uint32_t group) const override {
    return values_.has(group) ? 1 + values_.part_bytes(group) : 0;
  }
  void write_part(std::uint32_t group, std::string& to) const override {
    if (!values_.has(group)) return;
    to += '=';
    values_.write_part(group, to);
  }
  std::size_t text_bytes(std::uint32_t group) const override { return values_.text_bytes(group); }
  Result<void> write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const override {
    values_.write(groups, builder, to);
    return {};
  }

 private:
  void take(std::uint32_t group, std::uint64_t code) {
    bool better = greatest_ ? code > values_.code(group) : code < values_.code(group);
    if (better || !values_.has(group)) values_.set(group, code);
  }
  void take(std::uint32_t group, std::string_view text) {
    bool better = greatest_ ? text > values_.text(group) : text < values_.text(group);
    if (better || !values_.has(group)) values_.set(group, text);
  }

  Values values_;
  bool greatest_;
  std::vector<std::uint64_t> codes_;
};

class Places final : public GroupState {
 public:
  Places(ColumnType type, bool last) : values_(type), last_(last), codes_(GroupKeys::kBlock) {}

  std::size_t bytes_a_group() const override { return values_.bytes_a_group() + sizeof(std::uint64_t); }
  void resize(std::size_t groups, std::size_t capacity) override {
    values_.resize(groups, capacity);
    rows_.reserve(capacity);
    rows_.resize(groups);
  }
  std::uint64_t held() const override { return values_.held(); }
  std::uint64_t most_more(const GroupedRows& rows) const override { return letters_of(values_, rows); }
  std::uint64_t most_more(std::string_view part) const override { return Values::cost(part.size()); }
  void add(const GroupedRows& rows) override {
    const std::uint64_t* numbers = rows.table->row_numbers();
    std::uint64_t first = rows.table->first_row();
    if (!values_.is_text()) ordered_cells(rows.cells, rows.from, rows.count(), codes_.data());
    for (std::size_t i = 0; i < rows.count(); ++i) {
      std::size_t row = rows.from + i;
      if (rows.cells.validity && !rows.cells.valid(row)) continue;
      std::uint64_t number = numbers ? numbers[row] : first + row;
      if (values_.is_text()) {
        take(rows.groups[i], number, rows.cells.text(row), values_.text(rows.groups[i]));
      } else {
        take(rows.groups[i], number, codes_[i], values_.code(rows.groups[i]));
      }
    }
  }
  bool add_part(std::uint32_t group, std::string_view part) override {
    std::uint64_t number = 0;
    if (!read_number(part, number)) return false;
    if (values_.is_text()) {
      take(group, number, part, values_.text(group));
      return true;
    }
    std::uint64_t code = 0;
    if (!read_number(part, code) || !part.empty()) return false;
    take(group, number, code, values_.code(group));
    return true;
  }
  std::size_t part_bytes(std::uint32_t group) const override {
    return values_.has(group) ? values_.part_bytes(group) + sizeof(std::uint64_t) : 0;
  }
  void write_part(std::uint32_t group, std::string& to) const override {
    if (!values_.has(group)) return;
    write_number(to, rows_[group]);
    values_.write_part(group, to);
  }
  std::size_t text_bytes(std::uint32_t group) const override { return values_.text_bytes(group); }
  Result<void> write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const override {
    values_.write(groups, builder, to);
    return {};
  }

 private:
  template <class V>
  void take(std::uint32_t group, std::uint64_t number, V value, V held) {
    bool nearer = last_ ? number > rows_[group] : number < rows_[group];
    bool tie = number == rows_[group] && (last_ ? value > held : value < held);
    if (values_.has(group) && !nearer && !tie) return;
    rows_[group] = number;
    values_.set(group, value);
  }

  Values values_;
  bool last_;
  std::vector<std::uint64_t> rows_;
  std::vector<std::uint64_t> codes_;
};

}  // namespace

std::unique_ptr<GroupState> extreme_state(ColumnType type, bool greatest) {
  return std::make_unique<Extremes>(type, greatest);
}

std::unique_ptr<GroupState> place_state(ColumnType type, bool last) { return std::make_unique<Places>(type, last); }

}  // namespace leat
