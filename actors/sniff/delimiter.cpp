#include <leat/actors/sniff/delimiter.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <vector>

#include <leat/actors/csv/record.hpp>
#include <leat/actors/sniff/guess.hpp>

namespace leat::csv {
namespace {

constexpr std::array<char, 4> kDelimiters = {',', ';', '\t', '|'};
constexpr std::size_t kRecords = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Other delimiters in a cell that no sentence and no number has there.
std::size_t strays(std::string_view text, char delimiter) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool rival = text[i] != delimiter && std::find(kDelimiters.begin(), kDelimiters.end(), text[i]) != kDelimiters.end();
    if (!rival) continue;
    char before = i > 0 ? text[i - 1] : ' ';
    char after = i + 1 < text.size() ? text[i + 1] : ' ';
    bool prose = text[i] != '\t' && (after == ' ' || (is_digit(before) && is_digit(after)));
    found += !prose;
  }
  return found;
}

// How well a delimiter cuts the first records.
struct Cut {
  char delimiter;
  double alike = 0;  // share of the records that have as many cells as the first
  double typed = 0;  // share of the columns
  std::size_t strays = 0;
  std::size_t columns = 0;

  std::string why() const {
    return std::to_string(static_cast<int>(100 * alike)) + "% of the first records have " + std::to_string(columns) +
           " cells, and " + std::to_string(static_cast<int>(100 * typed)) + "% of the columns are of one type";
  }
  bool better_than(const Cut& other) const {
    return std::tuple(alike, typed, other.strays) > std::tuple(other.alike, other.typed, strays);
  }
};

std::optional<Cut> cut(std::string_view sample, bool whole, const BlockOptions& dialect, char delimiter) {
  Records records(sample, whole, delimiter);
  std::vector<Cell> cells;
  std::vector<Guess> below;
  std::string scratch;
  std::size_t wanted = 0, seen = 0, alike = 0;
  Cut made{delimiter};
  for (; seen < kRecords && records.next(cells); ++seen) {
    if (seen == 0) wanted = cells.size();
    bool broken = std::any_of(cells.begin(), cells.end(), [](const Cell& cell) { return cell.trailing || cell.open; });
    alike += cells.size() == wanted && !broken;
    below.resize(wanted);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (seen > 0 && i < wanted) below[i].add(form_of(cells[i], dialect, scratch));
      if (!cells[i].quoted) made.strays += strays(cells[i].text, delimiter);
    }
  }
  if (wanted < 2 || alike == 0) return std::nullopt;
  made.alike = static_cast<double>(alike) / static_cast<double>(seen);
  auto typed = std::count_if(below.begin(), below.end(), [](const Guess& guess) { return guess.typed(); });
  made.columns = wanted;
  made.typed = static_cast<double>(typed) / static_cast<double>(wanted);
  return made;
}

std::string_view line_at(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

std::size_t after_line(std::string_view text, std::size_t at) {
  std::size_t end = text.find_first_of("\r\n", at);
  if (end == text.npos) return text.size();
  return end + (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n' ? 2 : 1);
}

// The delimiter that a line "sep=;" names, as spreadsheets write it.
std::string named_delimiter(std::string_view line) {
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  bool named = line.size() == 5 && (line.starts_with("sep=") || line.starts_with("SEP=") || line.starts_with("Sep="));
  return named ? std::string(line.substr(4)) : "";
}

// Whether a line that begins with # names the columns of what follows it, as far as that can be told.
bool is_header(std::string_view line, std::string_view below, bool whole, const BlockOptions& dialect) {
  auto detected = delimiter_of(below, whole, dialect, "");
  char delimiter = dialect.delimiter.value_or(detected ? detected->delimiter : ',');
  std::vector<Cell> header, cells;
  read_record(line.data(), line.data() + line.size(), delimiter, header);
  Records records(below, whole, delimiter);
  if (!records.next(cells) || header.size() != cells.size() || line.starts_with("##")) return false;
  // "#id" above numbers names a column; "# made by hand" does not.
  return cells.size() > 1 || line.find(' ') == line.npos;
}

std::string shown_delimiter(char delimiter) {
  return delimiter == '\t' ? "a tab" : std::string("\"") + delimiter + "\"";
}

}  // namespace

bool Records::next(std::vector<Cell>& cells) {
  at_ = skip_line_ends(at_, end_);
  if (at_ == end_) return false;
  start_ = at_;
  at_ = read_record(at_, end_, delimiter_, cells);
  // A CR that ends the sample may be half of a CRLF.
  bool cut = at_ == end_ || (*at_ == '\r' && at_ + 1 == end_);
  return whole_ || !cut;
}

const char* Records::after_line_end() const {
  const char* at = at_;
  if (at != end_ && *at == '\r') ++at;
  if (at != end_ && *at == '\n') ++at;
  return at;
}

Preamble preamble_of(std::string_view sample, bool whole, const BlockOptions& dialect) {
  Preamble found;
  std::size_t at = 0;
  std::size_t last = sample.npos;  // of the lines that begin with #
  for (; at < sample.size(); at = after_line(sample, at)) {
    std::string_view line = line_at(sample.substr(at));
    std::string named = found.delimiter.empty() ? named_delimiter(line) : "";
    if (!named.empty()) found.delimiter = named;
    if (line.starts_with('#')) last = at;
    if (!line.empty() && named.empty() && last != at) break;
    found.lines += !line.empty();
  }
  if (found.lines == 0 || at == sample.size()) return {};
  BlockOptions with = dialect;
  if (!found.delimiter.empty() && !with.delimiter) with.delimiter = found.delimiter[0];
  bool header = last != sample.npos && is_header(line_at(sample.substr(last)), sample.substr(at), whole, with);
  found.lines -= header;
  found.bytes = header ? last : at;
  if (found.lines == 0) found.bytes = 0;
  return found;
}

Result<Delimiter> delimiter_of(std::string_view sample, bool whole, const BlockOptions& dialect, const std::string& path) {
  std::optional<Cut> best;
  std::optional<char> rival;
  for (char delimiter : kDelimiters) {
    if (delimiter == dialect.decimal) continue;
    auto made = cut(sample, whole, dialect, delimiter);
    if (!made) continue;
    bool better = !best || made->better_than(*best);
    if (!better && !best->better_than(*made)) rival = delimiter;
    if (better) {
      best = made;
      rival.reset();
    }
  }
  if (!best) return Delimiter{dialect.decimal == ',' ? ';' : ',', "no other cuts the first records"};
  if (!rival) return Delimiter{best->delimiter, best->why()};
  return invalid(path + ": cells end at " + shown_delimiter(best->delimiter) + " or at " + shown_delimiter(*rival) +
                 ", which fit the rows alike: say which (option delimiter)");
}

}  // namespace leat::csv
