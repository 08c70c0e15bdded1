#include <leat/actors/json/rows.hpp>

#include <leat/actors/csv/values.hpp>
#include <leat/actors/json/keys.hpp>
#include <leat/actors/json/value.hpp>

#include <simdjson.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace leat::json {
namespace {

using simdjson::SUCCESS;
using Value = simdjson::ondemand::value;
using Object = simdjson::ondemand::object;
using Array = simdjson::ondemand::array;

constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;
constexpr std::size_t kLeastCapacity = std::size_t{16} << 10;

Broken broken_by(simdjson::error_code error, std::string_view line) {
  switch (error) {
    case simdjson::UTF8_ERROR: return Broken::utf8;
    case simdjson::UNCLOSED_STRING: return Broken::string;
    case simdjson::UNESCAPED_CHARS: return Broken::control;
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return Broken::object;
    case simdjson::INCORRECT_TYPE: return line.starts_with('[') ? Broken::array : Broken::other;
    default: return Broken::other;
  }
}

// An object or array to be read; before that its JSON, where it is asked for.
template <class Inner>
simdjson::error_code open(simdjson::simdjson_result<Inner> found, bool text, Inner& inner, std::string_view& json) {
  auto error = std::move(found).get(inner);
  if (error != SUCCESS || !text) return error;
  error = inner.raw_json().get(json);
  json = without_blanks(json);
  return error != SUCCESS ? error : inner.reset().error();
}

template <class Inner>
simdjson::error_code json_of(simdjson::simdjson_result<Inner> found, std::string_view& json) {
  Inner inner;
  auto error = std::move(found).get(inner);
  if (error == SUCCESS) error = inner.raw_json().get(json);
  json = without_blanks(json);
  return error;
}

}  // namespace

class ObjectReader::Reading {
 public:
  explicit Reading(const ObjectLayout& layout);

  Result<Filled> fill(TableBuilder& builder, Text& text, const std::string& file, std::size_t most, std::uint64_t first,
                      std::uint64_t* numbers);

  std::vector<std::size_t> nulls_of;
  std::size_t others = 0;

 private:
  enum class State { kept, dropped, failed };

  void read_line(std::string_view line);
  std::string_view padded(std::string_view line, const char* readable);
  // Each is false when the row is over, with state_ set.
  bool read_object(Object object, const WantedField& in);
  bool read_elements(Array array, const WantedField& in);
  bool take(Value value, const WantedField& field);
  bool take_inner(Value value, const WantedField& field);
  bool take_cell(Value value, std::size_t column);
  bool take_other(Value value, std::size_t column, std::string_view token);
  bool put(std::size_t column, std::string_view text);
  bool set(std::size_t column);

  bool twice(const WantedField& field);
  bool is_bad(std::size_t column, std::string_view json, Wrong wrong);
  bool is_broken(Broken broken);
  bool is_broken(simdjson::error_code error) { return is_broken(broken_by(error, line_)); }
  csv::Place place() const;
  std::size_t keep_row();

  const ObjectLayout& layout_;
  simdjson::ondemand::parser parser_;
  Keys keys_;
  TableBuilder* builder_ = nullptr;
  const std::string* file_ = nullptr;
  Text text_{};
  std::string_view line_;        // the row, without blanks around it
  const char* lies_ = nullptr;   // where it begins in the text
  const char* readable_ = nullptr;
  std::size_t row_ = 0;
  State state_ = State::kept;
  std::uint32_t stamp_ = 0;
  std::vector<std::uint32_t> seen_;  // fields, by number: the row in which they were last
  std::vector<std::uint32_t> set_;   // the same of columns that have a value
  std::size_t values_ = 0;           // of the row
  std::vector<std::byte*> cells_;
  std::string scratch_;  // of a string with escapes
  std::string end_;      // the last lines of a text, padded
  Error error_;
};

namespace {

// A column of the field or in it.
std::size_t column_in(const WantedField& field) {
  if (field.column != kNoColumn) return field.column;
  for (const auto* all : {&field.members, &field.elements}) {
    for (const WantedField& one : *all) {
      if (std::size_t column = column_in(one); column != kNoColumn) return column;
    }
  }
  return kNoColumn;
}

}  // namespace

ObjectReader::Reading::Reading(const ObjectLayout& layout)
    : layout_(layout), keys_(layout), seen_(layout.fields), set_(layout.output.size()) {}

Result<Filled> ObjectReader::Reading::fill(TableBuilder& builder, Text& text, const std::string& file, std::size_t most,
                                           std::uint64_t first, std::uint64_t* numbers) {
  builder_ = &builder;
  file_ = &file;
  text_ = text;
  row_ = others = 0;
  nulls_of.assign(layout_.output.size(), 0);
  cells_.clear();
  for (std::size_t i = 0; i < layout_.output.size(); ++i) cells_.push_back(builder.raw_cells(i));
  Filled filled;
  while (filled.records < most && text_.at != text_.end) {
    auto left = static_cast<std::size_t>(text_.end - text_.at);
    auto* end = static_cast<const char*>(std::memchr(text_.at, '\n', left));
    lies_ = text_.at;
    text_.at = end ? end + 1 : text_.end;
    std::string_view line = without_blanks({lies_, static_cast<std::size_t>((end ? end : text_.end) - lies_)});
    if (line.empty()) continue;
    read_line(line);
    if (state_ == State::failed) return std::move(error_);
    ++filled.records;
    if (state_ == State::dropped) {
      ++filled.dropped;
      if (!numbers) return filled;
      continue;
    }
    if (numbers) numbers[row_] = first + filled.records - 1;
    filled.nulls += keep_row();
  }
  filled.rows = row_;
  text.at = text_.at;
  return filled;
}

std::size_t ObjectReader::Reading::keep_row() {
  std::size_t nulls = set_.size() - values_;
  for (std::size_t i = 0; nulls > 0 && i < set_.size(); ++i) {
    if (set_[i] == stamp_) continue;
    builder_->set_null(i, row_);
    ++nulls_of[i];
  }
  ++row_;
  return nulls;
}

// simdjson reads past the end of what it is given.
std::string_view ObjectReader::Reading::padded(std::string_view line, const char* readable) {
  readable_ = readable;
  if (line.data() + line.size() + kPadding <= readable) return line;
  end_ = line;
  end_.append(kPadding, ' ');
  readable_ = end_.data() + end_.size();
  return {end_.data(), line.size()};
}

void ObjectReader::Reading::read_line(std::string_view line) {
  state_ = State::kept;
  values_ = 0;
  if (++stamp_ == 0) {
    std::fill(seen_.begin(), seen_.end(), 0);
    std::fill(set_.begin(), set_.end(), 0);
    stamp_ = 1;
  }
  line_ = padded(line, text_.end);
  if (line_.size() > parser_.capacity()) {
    std::size_t capacity = std::max(kLeastCapacity, line_.size() + line_.size() / 4);
    if (parser_.allocate(capacity) != SUCCESS) throw std::bad_alloc();
  }
  simdjson::ondemand::document document;
  Object object;
  auto error = parser_.iterate(line_.data(), line_.size(), line_.size() + kPadding).get(document);
  if (error == SUCCESS) error = document.get_object().get(object);
  if (error != SUCCESS) {
    is_broken(error);
    return;
  }
  if (!read_object(object, layout_.root)) return;
  if (document.current_location().error() == SUCCESS) is_broken(Broken::trailing);
}

bool ObjectReader::Reading::read_object(Object object, const WantedField& in) {
  std::size_t next = 0;
  for (auto field : object) {
    simdjson::ondemand::raw_json_string key;
    if (auto error = field.key().get(key); error != SUCCESS) return is_broken(error);
    const WantedField* member = keys_.find(in, {key.raw(), readable_}, next, parser_);
    if (!member) {
      others += layout_.counts_others;
      continue;
    }
    if (member->idle()) continue;
    if (seen_[member->number] == stamp_) return twice(*member);
    seen_[member->number] = stamp_;
    Value value;
    if (auto error = field.value().get(value); error != SUCCESS) return is_broken(error);
    if (!take(value, *member)) return false;
  }
  return true;
}

bool ObjectReader::Reading::read_elements(Array array, const WantedField& in) {
  std::uint32_t at = 0;
  for (auto element : array) {
    Value value;
    if (auto error = element.get(value); error != SUCCESS) return is_broken(error);
    for (const WantedField& wanted : in.elements) {
      if (wanted.step.element == at && !take(value, wanted)) return false;
    }
    ++at;
  }
  return true;
}

bool ObjectReader::Reading::take(Value value, const WantedField& field) {
  if (field.members.empty() && field.elements.empty()) return take_cell(value, field.column);
  return take_inner(value, field);
}

// A field in which others are wanted, and perhaps it as well.
bool ObjectReader::Reading::take_inner(Value value, const WantedField& field) {
  std::string_view token = value.raw_json_token();
  bool whole = field.column != kNoColumn;
  bool text = whole && in_heap(layout_.output[field.column].type);
  std::string_view json;
  if (token[0] == '{' && !field.members.empty() && (text || !whole)) {
    Object object;
    if (auto error = open(value.get_object(), text, object, json); error != SUCCESS) return is_broken(error);
    return (!text || put(field.column, json)) && read_object(object, field);
  }
  if (token[0] == '[' && !field.elements.empty() && (text || !whole)) {
    Array array;
    if (auto error = open(value.get_array(), text, array, json); error != SUCCESS) return is_broken(error);
    return (!text || put(field.column, json)) && read_elements(array, field);
  }
  if (whole) return take_cell(value, field.column);
  bool null = token[0] == 'n';
  return null || is_bad(column_in(field), without_blanks(token), Wrong::object);
}

bool ObjectReader::Reading::set(std::size_t column) {
  set_[column] = stamp_;
  ++values_;
  return true;
}

bool ObjectReader::Reading::put(std::size_t column, std::string_view text) {
  [[maybe_unused]] bool fits = builder_->put(column, row_, text);
  assert(fits);
  return set(column);
}

bool ObjectReader::Reading::take_cell(Value value, std::size_t column) {
  std::string_view token = value.raw_json_token();
  switch (layout_.output[column].type) {
    case ColumnType::I64: {
      std::int64_t number = 0;
      if (value.get_int64().get(number) != SUCCESS) break;
      reinterpret_cast<std::int64_t*>(cells_[column])[row_] = number;
      return set(column);
    }
    case ColumnType::F64: {
      double number = 0;
      if (value.get_double().get(number) != SUCCESS) break;
      if (layout_.exact[column] && is_rounded(without_blanks(token), number)) {
        return is_bad(column, without_blanks(token), Wrong::rounded);
      }
      reinterpret_cast<double*>(cells_[column])[row_] = number;
      return set(column);
    }
    default: break;
  }
  return take_other(value, column, without_blanks(token));
}

bool ObjectReader::Reading::take_other(Value value, std::size_t column, std::string_view token) {
  ColumnType type = layout_.output[column].type;
  bool text = in_heap(type);
  bool truth = false;
  if (token[0] == 'n' && value.is_null().get(truth) == SUCCESS && truth) return true;
  if (token[0] == '"') {
    std::string_view content = token.substr(1, token.size() - 2);
    bool escaped = content.find('\\') != content.npos;
    if (escaped && !unescaped(parser_, token.data(), content.size(), scratch_, content)) {
      return is_bad(column, token, Wrong::escape);
    }
    if (text) return put(column, content);
    Wrong wrong = Wrong::type;
    return read_string(content, type, cells_[column], row_, wrong) ? set(column) : is_bad(column, token, wrong);
  }
  if (token[0] == '{' || token[0] == '[') {
    std::string_view json;
    auto error = token[0] == '{' ? json_of<Object>(value.get_object(), json) : json_of<Array>(value.get_array(), json);
    if (error != SUCCESS) return is_broken(error);
    return text ? put(column, json) : is_bad(column, json, Wrong::type);
  }
  if (!is_scalar(token)) return is_broken(Broken::other);
  if (text) return put(column, token);
  Wrong wrong = Wrong::type;
  return read_scalar(token, type, cells_[column], row_, wrong) ? set(column) : is_bad(column, token, wrong);
}

csv::Place ObjectReader::Reading::place() const {
  return {*file_, text_.line + static_cast<std::uint64_t>(std::count(text_.begin, lies_, '\n'))};
}

bool ObjectReader::Reading::is_bad(std::size_t column, std::string_view json, Wrong wrong) {
  if (layout_.bad == BadCells::null) return true;
  state_ = layout_.bad == BadCells::drop ? State::dropped : State::failed;
  if (state_ == State::failed) {
    const Field& field = layout_.output[column];
    error_ = wrong_value(place(), field.name, field.type, json, wrong);
  }
  return false;
}

bool ObjectReader::Reading::twice(const WantedField& field) {
  state_ = State::dropped;
  if (layout_.bad == BadCells::fail) is_bad(column_in(field), "", Wrong::twice);
  return false;
}

bool ObjectReader::Reading::is_broken(Broken broken) {
  state_ = layout_.bad == BadCells::fail ? State::failed : State::dropped;
  if (broken == Broken::other && line_.starts_with('{') && !line_.ends_with('}')) broken = Broken::object;
  if (state_ == State::failed) error_ = broken_line(place(), broken, line_);
  return false;
}

ObjectReader::ObjectReader(const ObjectLayout& layout) : reading_(std::make_unique<Reading>(layout)) {}
ObjectReader::~ObjectReader() = default;

// Of its capacity simdjson holds four bytes and five thirds each; a quarter more than the longest line; the string
// with escapes and the last line besides.
std::uint64_t ObjectReader::memory(std::uint64_t longest) { return 16 * (kLeastCapacity / 2) + 10 * longest; }

Result<Filled> ObjectReader::fill(TableBuilder& builder, Text& text, const std::string& file, std::size_t most,
                                  std::uint64_t first, std::uint64_t* numbers) {
  return reading_->fill(builder, text, file, most, first, numbers);
}
const std::vector<std::size_t>& ObjectReader::nulls() const { return reading_->nulls_of; }
std::size_t ObjectReader::others() const { return reading_->others; }

}  // namespace leat::json
