/// What a sample of a CSV file tells of the rest: delimiter, header, names and types.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <leat/actors/csv_blocks.hpp>
#include <leat/chunk/fields.hpp>
#include <leat/chunk/result.hpp>

namespace leat::csv {

struct Sniffed {
  char delimiter = ',';
  bool header = false;
  Fields fields;
  std::string renamed;      ///< "a -> a_2, c3": names that are not the file's own
  std::size_t rows_at = 0;  ///< offset in the sample of the first byte after the header's line end
};

/// Looks at `sample`, the file's first bytes without a byte order mark; `whole` when it is all of
/// it. Rules: see csv_blocks.hpp. nullopt when the sample does not hold one whole record: it is too
/// short. Errors begin with `path`.
Result<std::optional<Sniffed>> sniff(std::string_view sample, bool whole,
                                     const BlockOptions& options, const std::string& path);

}  // namespace leat::csv
