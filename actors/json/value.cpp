#include <leat/actors/json/value.hpp>

#include <leat/actors/csv/values.hpp>

#include <charconv>
#include <cmath>

namespace leat::json {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// RFC 8259, section 6.
bool is_number(std::string_view text) {
  std::size_t at = text.starts_with('-');
  std::size_t whole = digits(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    std::size_t fraction = digits(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    ++at;
    at += at < text.size() && (text[at] == '+' || text[at] == '-');
    std::size_t exponent = digits(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

bool is_integer(std::string_view number) { return number.find_first_of(".eE") == number.npos; }

}  // namespace

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

bool is_scalar(std::string_view token) {
  return token == "true" || token == "false" || token == "null" || is_number(token);
}

bool is_rounded(std::string_view token, double number) {
  constexpr double kExact = 9007199254740992;
  if (std::abs(number) < kExact || !is_integer(token)) return false;
  char text[400];
  auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed).ptr;
  return std::string_view(text, static_cast<std::size_t>(end - text)) != token;
}

bool read_scalar(std::string_view token, ColumnType type, std::byte* cells, std::size_t row, Wrong& wrong) {
  wrong = Wrong::type;
  bool truth = token == "true" || token == "false";
  bool integers = type == ColumnType::I64 || type == ColumnType::I32;
  if (truth != (type == ColumnType::BOOL) || type == ColumnType::TIMESTAMP || token == "null") return false;
  if (integers && !is_integer(token)) return false;
  csv::Reading went = csv::read_value(token, type, cells, row);
  if (went == csv::Reading::out_of_range) wrong = Wrong::large;
  return went == csv::Reading::good;
}

bool read_string(std::string_view content, ColumnType type, std::byte* cells, std::size_t row, Wrong& wrong) {
  wrong = Wrong::type;
  if (type != ColumnType::TIMESTAMP) return false;
  csv::Reading went = csv::read_value(content, type, cells, row);
  if (went == csv::Reading::out_of_range) wrong = Wrong::large;
  return went == csv::Reading::good;
}

bool unescaped(const simdjson::ondemand::parser& parser, const char* quote, std::size_t size, std::string& scratch,
               std::string_view& text) {
  scratch.resize(size + simdjson::SIMDJSON_PADDING);
  auto* to = reinterpret_cast<std::uint8_t*>(scratch.data());
  simdjson::ondemand::raw_json_string raw(reinterpret_cast<const std::uint8_t*>(quote) + 1);
  return parser.unescape(raw, to).get(text) == simdjson::SUCCESS;
}

}  // namespace leat::json
