/// What a sample of a CSV file tells of the rest: delimiter, header, names and types.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/complaint.hpp>
#include <leat/actors/input/file.hpp>
#include <leat/actors/sniff/guess.hpp>
#include <leat/chunk/fields.hpp>
#include <leat/chunk/result.hpp>

namespace leat::csv {

struct Sniffed {
  char delimiter = ',';
  std::string why_delimiter;  ///< for people
  bool header = false;
  std::string why_header;
  bool looks_headed = false;  ///< a header would be found if none were told
  Fields fields;
  std::vector<Guess> guesses;  ///< by column, of the rows of the sample
  std::string renamed;      ///< "a -> a_2, c3": names that are not the file's own
  /// Names that the file has more than once: the first two positions.
  std::map<std::string, std::pair<std::size_t, std::size_t>> twice;
  std::size_t rows_at = 0;        ///< offset of the first record that is a row: in the sample, of sniff_file() in the file
  std::uint64_t first_line = 0;   ///< its line, of sniff_file()
  std::size_t records = 0;        ///< in the sample, but the first
  std::size_t skipped_lines = 0;  ///< comments and "sep=;" before the records
  std::string names;              ///< the header as it lies in the file
  std::string line_end;           ///< of the first record
};

/// Names that are unique and not empty, of those that a header gives; what had to be changed is noted in `out`.
std::vector<std::string> name_columns(const std::vector<std::string>& given, Sniffed& out);

/// Looks at `sample`, the file's first bytes without a byte order mark; `whole` when it is all of
/// it. Rules: see csv/blocks.hpp. nullopt when the sample does not hold one whole record: it is too
/// short. Errors begin with `path`.
Result<std::optional<Sniffed>> sniff(std::string_view sample, bool whole,
                                     const BlockOptions& options, const std::string& path);

/// Looks at a file that is at its beginning as far as csv/blocks.hpp says, and leaves it there. Errors: those of
/// sniff(), of reading, what is empty or no text, a first record that is too long.
Result<Sniffed> sniff_file(InputFile& file, const BlockOptions& options);

/// Looks at a file that goes on where `first`, of the file `path`, ends: at fewer rows, by which the types of `first`
/// may become wider. Errors: columns that are not alike, and those of sniff_file().
Result<Sniffed> sniff_next(InputFile& file, const BlockOptions& options, const std::string& path, Sniffed& first);

/// A record that starts with `text`, at `place`, and goes on.
Error record_too_long(Place place, std::string_view text, const BlockOptions& options, char delimiter);

}  // namespace leat::csv
