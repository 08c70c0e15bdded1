/// Which delimiter a sample of a CSV file uses, and what stands before its records.
///
/// The delimiter is the one of , ; tab | that cuts most records into as many cells as the first, and then the one
/// whose columns are typed best (sniff/guess.hpp), and then the one whose cells hold fewest of the others: a comma
/// or semicolon before a space, or between digits, is taken for prose. Quotes count. Two that are alike in all
/// this are told, not chosen between. Threads: plain functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/record.hpp>
#include <leat/chunk/result.hpp>

namespace leat::csv {

/// The records of a sample, one after the other; a last one that may be cut off is left out.
class Records {
 public:
  Records(std::string_view sample, bool whole, char delimiter)
      : at_(sample.data()), end_(at_ + sample.size()), whole_(whole), delimiter_(delimiter) {}

  /// False when there are no more.
  bool next(std::vector<Cell>& cells);
  /// Where the record read last starts, and the byte after its line end.
  const char* start() const { return start_; }
  const char* after_line_end() const;

 private:
  const char* start_ = nullptr;
  const char* at_;
  const char* end_;
  bool whole_;
  char delimiter_;
};

/// Lines before the first record that are none.
struct Preamble {
  std::size_t bytes = 0;
  std::size_t lines = 0;       ///< that say something: "# made by x"
  std::string delimiter = {};  ///< of a line "sep=;"
};

/// Lines that begin with # are records where they have two cells and more, and as many as the record after them.
Preamble preamble_of(std::string_view sample, bool whole, const BlockOptions& dialect);

/// A delimiter, and for people why it.
struct Delimiter {
  char delimiter = ',';
  std::string why;
};

/// Errors: two delimiters that do equally well; they begin with `path`.
Result<Delimiter> delimiter_of(std::string_view sample, bool whole, const BlockOptions& dialect, const std::string& path);

}  // namespace leat::csv
