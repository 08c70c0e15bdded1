#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include <fast_float/fast_float.h>

#include <leat/actors/csv/record.hpp>
#include <leat/actors/csv/values.hpp>

namespace leat::csv {
namespace {

std::string_view without_plus(std::string_view text) {
  bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+';
  return plus ? text.substr(1) : text;
}

template <class T> Reading real(std::string_view text, T& value) {
  if (text.empty()) return Reading::empty;
  text = without_plus(text);
  T read{};
  auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc() || end != text.data() + text.size()) return Reading::malformed;
  // fast_float 3 gives infinity for what is too large; only letters say infinity.
  char first = text[text[0] == '-'];
  if (std::isinf(read) && ((first >= '0' && first <= '9') || first == '.')) {
    return Reading::out_of_range;
  }
  if (std::isnan(read)) {
    if (text.back() == ')') return Reading::malformed;  // a payload
    read = std::numeric_limits<T>::quiet_NaN();
  }
  value = read;
  return Reading::good;
}

template <class T> Reading integer(std::string_view text, T& value) {
  if (text.empty()) return Reading::empty;
  text = without_plus(text);
  T read{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    return Reading::malformed;
  }
  if (error == std::errc::result_out_of_range) return Reading::out_of_range;
  value = read;
  return Reading::good;
}

bool same_letters(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

// False where there is a point already: it separates thousands, or the text is no number.
bool with_point(std::string& text, char decimal) {
  if (text.find('.') != text.npos) return false;
  std::replace(text.begin(), text.end(), decimal, '.');
  return true;
}

template <class T, class Read>
Reading store(Read read, std::string_view text, std::byte* cells, std::size_t row) {
  T value{};
  Reading went = read(text, value);
  if (went == Reading::good) std::memcpy(cells + row * sizeof(T), &value, sizeof(T));
  return went;
}

Reading read_half(std::string_view text, Eigen::half& value) {
  double wide = 0;
  Reading went = read_real(text, wide);
  return went == Reading::good ? round_to_half(wide, value) : went;
}

}  // namespace

Reading round_to_half(double wide, Eigen::half& value) {
  if (!std::isfinite(wide)) {
    value = Eigen::half(static_cast<float>(wide));
    return Reading::good;
  }
  int exponent = 0;
  std::frexp(wide, &exponent);
  // The unit in the last of 11 places; below 2^-14 there are fewer places.
  int unit = std::max(exponent - 11, -24);
  float rounded = std::ldexp(static_cast<float>(std::nearbyint(std::ldexp(wide, -unit))), unit);
  if (std::abs(rounded) > 65504) return Reading::out_of_range;
  value = Eigen::half(rounded);
  return Reading::good;
}

Reading read_real(std::string_view text, double& value) {
  return real(text, value);
}
Reading read_real(std::string_view text, float& value) {
  return real(text, value);
}
Reading read_real(std::string_view text, char decimal, double& value) {
  if (decimal == '.') return real(text, value);
  std::string pointed(text);
  return with_point(pointed, decimal) ? real(pointed, value) : Reading::malformed;
}
Reading read_integer(std::string_view text, std::int64_t& value) {
  return integer(text, value);
}
Reading read_integer(std::string_view text, std::int32_t& value) {
  return integer(text, value);
}

Reading read_bool(std::string_view text, std::uint8_t& value) {
  if (text.empty()) return Reading::empty;
  if (text == "1" || same_letters(text, "true")) {
    value = 1;
  } else if (text == "0" || same_letters(text, "false")) {
    value = 0;
  } else {
    return Reading::malformed;
  }
  return Reading::good;
}

Reading read_value(std::string_view text, ColumnType type, std::byte* cells, std::size_t row, char decimal) {
  text = trimmed(text);
  std::string pointed;
  if (decimal != '.' && type <= ColumnType::F16) {
    pointed = text;
    if (!with_point(pointed, decimal)) return Reading::malformed;
    text = pointed;
  }
  switch (type) {
    case ColumnType::F64:
      return store<double>(real<double>, text, cells, row);
    case ColumnType::F32:
      return store<float>(real<float>, text, cells, row);
    case ColumnType::F16:
      return store<Eigen::half>(read_half, text, cells, row);
    case ColumnType::I64:
      return store<std::int64_t>(integer<std::int64_t>, text, cells, row);
    case ColumnType::I32:
      return store<std::int32_t>(integer<std::int32_t>, text, cells, row);
    case ColumnType::BOOL:
      return store<std::uint8_t>(read_bool, text, cells, row);
    case ColumnType::TIMESTAMP:
      return store<std::int64_t>(read_timestamp, text, cells, row);
    default:
      return Reading::malformed;
  }
}

namespace {

// Bytes of the sequence at `at`, or 0 where it is none.
std::size_t utf8_sequence(const unsigned char* at, std::size_t left) {
  unsigned char first = at[0];
  std::size_t length = first < 0x80   ? 1
                       : first < 0xC2 ? 0
                       : first < 0xE0 ? 2
                       : first < 0xF0 ? 3
                       : first < 0xF5 ? 4
                                      : 0;
  if (length == 0 || length > left) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at[i] & 0xC0) != 0x80) return 0;
  }
  bool bad = (first == 0xE0 && at[1] < 0xA0) || (first == 0xED && at[1] > 0x9F) ||
             (first == 0xF0 && at[1] < 0x90) || (first == 0xF4 && at[1] > 0x8F);
  return bad ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  auto at = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  while (left) {
    std::uint64_t eight = 0;
    if (left >= 8) std::memcpy(&eight, at, 8);
    std::size_t length = 8;
    if (left < 8 || (eight & 0x8080808080808080u)) length = utf8_sequence(at, left);
    if (length == 0) return false;
    at += length;
    left -= length;
  }
  return true;
}

}  // namespace leat::csv
