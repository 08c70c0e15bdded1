/// CSV blocks: a source that reads one file and cuts it between records.
///
///   g.source("read", csv::blocks("flights.csv", {.delimiter = ';'}))
///
/// A record ends with LF, CRLF or CR outside quotes. A quote opens a quoted cell only as the cell's
/// first character; inside, a quote is written twice (RFC 4180). Blank lines are not records. Row
/// and line numbers do not depend on where blocks end.
///
/// probe() looks at the first 256 KiB, and on until it has seen 100 rows, the whole file, or 16 MiB, and describes
/// the columns:
/// - a byte order mark is skipped, and so are a line "sep=;", which names the delimiter, and lines before the
///   records that begin with # and do not name columns;
/// - the delimiter is one of , ; tab | (csv_delimiter.hpp);
/// - the first record is a header when a cell of it is a word and the column below it holds values of one type, and
///   where all columns are text, when its cells are all different words;
/// - without a header columns are named c0, c1 ...; an empty name becomes c and its position, a name that is there
///   already gets _2, _3 ... (note "renamed" lists them);
/// - a column is I64, F64, BOOL, TIMESTAMP or TEXT by what its cells say (csv_guess.hpp); nulls do not decide.
/// Notes: "path", "delimiter" (the character), "decimal", "nulls" (a line each), "header" ("true" or
/// "false"), "types" ("inferred"), "line end", "skipped lines" where there are any, "renamed" where names were
/// changed, "names" where the header is not written as csv.write would, "twice NAME" with two positions, "1 and 3",
/// for names that the file has more than once.
///
/// Errors, each one sentence: at probe a file that is missing, a directory, not regular (a pipe
/// cannot be read twice), unreadable, empty, UTF-16, or without records; then NUL bytes, a record
/// that is too long, an end inside a quote, a file that shrinks. The file is read up to the size it
/// had at probe. A position is of the file as it is: one that has changed since is refused.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/csv.capnp.h>

namespace leat::csv {

struct BlockOptions {
  std::size_t block_bytes = 256 * 1024;  ///< memory of one block, in bytes; 64 to 256 MiB
  std::size_t max_record = 1024 * 1024;  ///< longest record, in bytes; at least block_bytes
  std::optional<char> delimiter = {};    ///< see check_delimiter(); default: detected
  std::optional<bool> header = {};       ///< the first record names the columns; default: detected
  /// What an unquoted cell says where there is no value. A cell of text is null only where it is empty, or
  /// says one of these when they are not the default.
  std::vector<std::string> nulls = {"", "NA"};
  char decimal = '.';                    ///< before the fraction of a number: '.' or ','
};

/// Refuses what cannot stand between cells: a quote, a line end, NUL, and what numbers, dates, words and comments
/// are made of.
Result<void> check_delimiter(std::optional<char> given);
/// The same of a delimiter, and options that cannot be together; errors begin with `path`.
Result<void> check_options(const BlockOptions& options, const std::string& path);

/// Threads: as Source. Memory: one block, and for one long record at most max_record.
Kind<Message<schema::CsvBlock>> blocks(std::string path, BlockOptions options = {});
DeclaredKind declared_blocks();

}  // namespace leat::csv
