/// Fast passes over CSV text: 64 bytes at a time as bit masks (after Langdale and Lemire, "Parsing
/// Gigabytes of JSON per Second", 2019), on the widest vectors of the CPU (Highway).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace leat::csv {

/// What a pass over text that starts at a record finds.
struct Scan {
  std::size_t end = 0;  ///< bytes up to and with the last line end outside quotes; 0: there is none
  std::uint64_t rows = 0;   ///< records in them, blank lines not counted
  std::uint64_t lines = 0;  ///< line ends in them, those inside quotes too
  bool quoted = false;      ///< the text ends inside a quoted cell
  bool nul = false;         ///< there is a NUL byte, anywhere in the text
};

/// Threads: any.
Scan scan(std::string_view text, char delimiter);

/// The first byte after `count` delimiters, where these come before any line end and any quote;
/// else nullptr. `from` is the start of a cell.
const char* skip_cells(const char* from, const char* end, std::size_t count, char delimiter);

/// The line end before which there are `count` delimiters, no more, and no quote; else nullptr, and where `end` is near.
const char* skip_rest(const char* from, const char* end, std::size_t count, char delimiter);

/// Line ends: LF, CRLF and CR that no LF follows.
std::uint64_t count_line_ends(std::string_view text);

/// The line on which a quoted cell opens that `text` does not close, where `text` starts a record
/// on line `line`.
std::uint64_t line_of_open_quote(std::string_view text, char delimiter, std::uint64_t line);

}  // namespace leat::csv
