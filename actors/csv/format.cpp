#include <chrono>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/record.hpp>

namespace leat::csv {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86400 * kSecond;

// Of a number that has no more digits than places, and what follows it.
char* put_digits(char* to, std::int64_t number, std::size_t places, char behind) {
  for (std::size_t i = places; i-- > 0; number /= 10) to[i] = static_cast<char>('0' + number % 10);
  to[places] = behind;
  return to + places + 1;
}

}  // namespace

void append_text(std::string& line, std::string_view text, char delimiter) {
  const char special[] = {delimiter, '"', '\n', '\r'};
  if (!text.empty() && text.find_first_of(std::string_view(special, 4)) == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

void append_name(std::string& line, std::string_view name, char delimiter) {
  bool plain = trimmed(name).size() == name.size() && !name.starts_with('#') && !name.starts_with("sep=") &&
               !(name == "sep" && delimiter == '=') &&
               !name.starts_with("\xEF\xBB\xBF");
  std::size_t before = line.size();
  append_text(line, name, delimiter);
  if (!plain && line[before] != '"') line = line.substr(0, before) + '"' + line.substr(before) + '"';
}

void append_raw(std::string& line, std::string_view raw, char delimiter) {
  if (raw.empty()) return;
  Cell cell = read_cell(raw.data(), raw.data() + raw.size(), delimiter);
  bool whole = cell.end == raw.data() + raw.size() && !cell.open;
  if (whole) {
    line += raw;
  } else {
    append_text(line, raw, delimiter);
  }
}

void append_timestamp(std::string& line, std::int64_t nanoseconds) {
  // By hand: <chrono> overflows on the first and the last day that fit.
  std::int64_t day = nanoseconds / kDay;
  std::int64_t rest = nanoseconds % kDay;
  if (rest < 0) rest += kDay, --day;
  std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  std::int64_t seconds = rest / kSecond;
  std::int64_t fraction = rest % kSecond;
  char text[40];
  char* at = put_digits(text, static_cast<int>(date.year()), 4, '-');
  at = put_digits(at, static_cast<unsigned>(date.month()), 2, '-');
  at = put_digits(at, static_cast<unsigned>(date.day()), 2, 'T');
  at = put_digits(at, seconds / 3600, 2, ':');
  at = put_digits(at, seconds / 60 % 60, 2, ':');
  at = put_digits(at, seconds % 60, 2, fraction ? '.' : 'Z');
  if (fraction % 1000) {
    at = put_digits(at, fraction, 9, 'Z');
  } else if (fraction % 1'000'000) {
    at = put_digits(at, fraction / 1000, 6, 'Z');
  } else if (fraction) {
    at = put_digits(at, fraction / 1'000'000, 3, 'Z');
  }
  line.append(text, at);
}

void append_cell(std::string& line, const Table& table, std::size_t column, std::size_t row,
                 char delimiter) {
  const std::byte* cells = table.cells(column);
  switch (table.type(column)) {
    case ColumnType::F64:
      return append_number(line, reinterpret_cast<const double*>(cells)[row]);
    case ColumnType::F32:
      return append_number(line, reinterpret_cast<const float*>(cells)[row]);
    case ColumnType::F16:
      return append_number(line,
                           static_cast<float>(reinterpret_cast<const Eigen::half*>(cells)[row]));
    case ColumnType::I64:
      return append_number(line, reinterpret_cast<const std::int64_t*>(cells)[row]);
    case ColumnType::I32:
      return append_number(line, reinterpret_cast<const std::int32_t*>(cells)[row]);
    case ColumnType::BOOL:
      line += std::to_integer<int>(cells[row]) ? "true" : "false";
      return;
    case ColumnType::TIMESTAMP:
      return append_timestamp(line, reinterpret_cast<const std::int64_t*>(cells)[row]);
    case ColumnType::RAW:
      return append_raw(line, table.text(column, row), delimiter);
    default:
      return append_text(line, table.text(column, row), delimiter);
  }
}

}  // namespace leat::csv
