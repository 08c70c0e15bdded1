#include <chrono>
#include <cstdio>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/record.hpp>

namespace leat::csv {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86400 * kSecond;

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
  int seconds = static_cast<int>(rest / kSecond);
  char text[64];
  int size = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d",
                           static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                           static_cast<unsigned>(date.day()), seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
  line.append(text, static_cast<std::size_t>(size));
  auto fraction = static_cast<long>(rest % kSecond);
  if (fraction) {
    std::snprintf(text, sizeof text, ".%09ld", fraction);
    std::size_t digits = fraction % 1000 ? 9 : fraction % 1000000 ? 6 : 3;
    line.append(text, digits + 1);
  }
  line += 'Z';
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
