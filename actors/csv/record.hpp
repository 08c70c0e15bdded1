/// Cells and records of CSV text as they lie in a block: where they end, and what they say.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <leat/actors/csv/decimal.hpp>

namespace leat::csv {

/// A cell as it lies in the text. Views live as long as the text.
struct Cell {
  std::string_view text;  ///< between the quotes of a quoted cell
  const char* end;        ///< the byte after it: a delimiter, a line end, or the text's end
  bool quoted = false;
  bool doubled = false;   ///< holds doubled quotes: see unquoted()
  bool open = false;      ///< quoted, and the text ends before the quote does
  bool trailing = false;  ///< something follows the closing quote; `text` is all of it
};

inline bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

/// The end of an unquoted cell: the first delimiter or line end, else `end`.
inline const char* end_of_plain_cell(const char* at, const char* end, char delimiter) {
  while (at != end && *at != delimiter && !is_line_end(*at))
    ++at;
  return at;
}

/// The same of a cell of ASCII, shorter than 16 bytes, without a quote in front; nullptr for any other, or where `end`
/// is near.
inline const char* end_of_short_text(const char* at, const char* end, char delimiter) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  if (end - at < 32 || *at == '"') return nullptr;
  // The lowest bit is that of the first byte that is zero.
  auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
  std::uint64_t delimiters = kOnes * static_cast<unsigned char>(delimiter);
  for (int word = 0; word < 2; ++word, at += 8) {
    std::uint64_t bytes = eight_bytes(at);
    std::uint64_t stops = zeros(bytes ^ delimiters) | zeros(bytes ^ kOnes * '\n') | zeros(bytes ^ kOnes * '\r');
    std::uint64_t before = (stops & -stops) - 1;  // all of them where none stops
    if (bytes & kHighs & before) return nullptr;
    if (stops) return at + std::countr_zero(stops) / 8;
  }
  return nullptr;
}

/// The quoted cell whose opening quote is at `at`.
Cell read_quoted_cell(const char* at, const char* end, char delimiter);

/// The cell that starts at `at`.
inline Cell read_cell(const char* at, const char* end, char delimiter) {
  if (at != end && *at == '"') return read_quoted_cell(at, end, delimiter);
  const char* after = end_of_plain_cell(at, end, delimiter);
  return {{at, static_cast<std::size_t>(after - at)}, after};
}

/// What the cell says: its text with doubled quotes made single, in `scratch` where there are any.
std::string_view unquoted(const Cell& cell, std::string& scratch);

/// The cells of the record that starts at `at`; returns its line end, or `end`.
const char* read_record(const char* at, const char* end, char delimiter, std::vector<Cell>& cells);

/// The first byte that is no line end.
inline const char* skip_line_ends(const char* at, const char* end) {
  while (at != end && is_line_end(*at))
    ++at;
  return at;
}

/// Without the spaces around it; tabs are spaces too.
std::string_view trimmed(std::string_view text);

}  // namespace leat::csv
