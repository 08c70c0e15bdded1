#include <leat/actors/sniff/guess.hpp>

#include <algorithm>
#include <cmath>

#include <leat/actors/csv/values.hpp>

namespace leat::csv {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

// What a number loses: a zero in front of other digits.
bool padded(std::string_view unsigned_text) {
  return unsigned_text.size() > 1 && unsigned_text[0] == '0' && is_digit(unsigned_text[1]);
}

Form integer_form(std::string_view text, bool plus, bool minus) {
  std::int64_t value = 0;
  if (plus || padded(text.substr(plus || minus))) return Form::unheld;
  if (read_integer(text, value) != Reading::good) return Form::unheld;
  if (minus && value == 0) return Form::real;
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  return value <= kExact && value >= -kExact ? Form::integer : Form::large_integer;
}

bool is_comma_real(std::string_view digits) {
  std::size_t comma = digits.find(',');
  return comma != std::string_view::npos && all_digits(digits.substr(0, comma)) && all_digits(digits.substr(comma + 1));
}

}  // namespace

Form form_of(std::string_view text, char decimal) {
  if (text.empty()) return Form::null;
  bool plus = text[0] == '+';
  bool minus = text[0] == '-';
  std::string_view number = text.substr(plus || minus);
  if (all_digits(number)) return integer_form(text, plus, minus);
  double real = 0;
  Reading went = read_real(text, decimal, real);
  if (went == Reading::out_of_range || (went == Reading::good && padded(number))) return Form::unheld;
  if (went == Reading::good) return std::isfinite(real) ? Form::real : Form::word;
  std::uint8_t flag = 0;
  if (read_bool(text, flag) == Reading::good) return Form::truth;
  std::int64_t instant = 0;
  went = read_timestamp(text, instant);
  if (went == Reading::good) return Form::time;
  if (went == Reading::out_of_range) return Form::unheld;
  return decimal == '.' && is_comma_real(number) ? Form::comma_real : Form::other;
}

bool says_null(std::string_view text, const std::vector<std::string>& nulls) {
  return std::find(nulls.begin(), nulls.end(), text) != nulls.end();
}

Form form_of(const Cell& cell, const BlockOptions& dialect, std::string& scratch) {
  std::string_view text = trimmed(unquoted(cell, scratch));
  if (!cell.quoted && says_null(text, dialect.nulls)) return Form::null;
  if (cell.quoted && text.empty()) return Form::other;
  return form_of(text, dialect.decimal);
}

bool Guess::only(std::initializer_list<Form> forms) const {
  unsigned allowed = bit(Form::null);
  for (Form form : forms) allowed |= bit(form);
  return (seen_ & ~allowed) == 0;
}

ColumnType Guess::type() const {
  if (!decides()) return ColumnType::TEXT;
  if (only({Form::integer, Form::large_integer})) return ColumnType::I64;
  bool number = has(Form::integer) || has(Form::real);
  if (number && only({Form::integer, Form::real, Form::word})) return ColumnType::F64;
  if (only({Form::truth})) return ColumnType::BOOL;
  return only({Form::time}) ? ColumnType::TIMESTAMP : ColumnType::TEXT;
}

bool Guess::typed() const {
  return type() != ColumnType::TEXT || (has(Form::comma_real) && only({Form::comma_real, Form::integer}));
}

}  // namespace leat::csv
