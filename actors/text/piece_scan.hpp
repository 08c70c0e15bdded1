/// Pieces: where the words of a text are, or what lies between its delimiters. 64 bytes at a time as bit masks (after
/// Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019), on the widest vectors of the CPU (Highway).
///
///   std::vector<leat::Span> pieces(16);
///   leat::PieceScan scan{"to be  or", 0};
///   std::size_t n = leat::scan_words(scan, pieces.data(), pieces.size());   // {0, 2}, {3, 2}, {7, 2}
///
/// Threads: no state.
#pragma once

#include <leat/chunk/fields.hpp>

#include <cstddef>
#include <string_view>

namespace leat {

/// A text, and how far it has been scanned.
struct PieceScan {
  std::string_view text;
  std::size_t at = 0;   ///< where the next piece is looked for
  bool ended = false;   ///< there are no more
};

/// Words: what lies between spaces, tabs, line ends, vertical tabs and form feeds. Offsets from the start of the text.
/// Gives at most `most` of them, and goes on after the last one when it is called again.
std::size_t scan_words(PieceScan& scan, Span* pieces, std::size_t most);
/// What lies between delimiters, which may be empty: one more than there are delimiters. A delimiter is not empty.
std::size_t scan_parts(PieceScan& scan, std::string_view delimiter, Span* pieces, std::size_t most);

}  // namespace leat
