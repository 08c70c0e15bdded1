#include <leat/actors/csv/record.hpp>

namespace leat::csv {

Cell read_quoted_cell(const char* at, const char* end, char delimiter) {
  const char* from = at + 1;
  const char* close = from;
  Cell cell{{}, end, true};
  while (true) {
    auto left = static_cast<std::size_t>(end - close);
    close = left ? static_cast<const char*>(std::memchr(close, '"', left)) : nullptr;
    if (!close) {
      cell.text = {from, static_cast<std::size_t>(end - from)};
      cell.open = true;
      return cell;
    }
    if (close + 1 == end || close[1] != '"') break;
    cell.doubled = true;
    close += 2;
  }
  cell.text = {from, static_cast<std::size_t>(close - from)};
  cell.end = end_of_plain_cell(close + 1, end, delimiter);
  if (cell.end != close + 1) {
    cell.trailing = true;
    cell.text = {at, static_cast<std::size_t>(cell.end - at)};
  }
  return cell;
}

std::string_view unquoted(const Cell& cell, std::string& scratch) {
  if (!cell.doubled || cell.trailing) return cell.text;
  scratch.clear();
  for (std::size_t i = 0; i < cell.text.size(); ++i) {
    scratch += cell.text[i];
    if (cell.text[i] == '"') ++i;
  }
  return scratch;
}

const char* read_record(const char* at, const char* end, char delimiter, std::vector<Cell>& cells) {
  cells.clear();
  while (true) {
    cells.push_back(read_cell(at, end, delimiter));
    at = cells.back().end;
    if (at == end || is_line_end(*at)) return at;
    ++at;
  }
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace leat::csv
