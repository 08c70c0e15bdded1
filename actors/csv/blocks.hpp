/// CSV blocks: a source that reads a file, or several one after the other, and cuts them between records.
///
///   g.source("read", csv::blocks("flights.csv", {.delimiter = ';'}))
///   g.source("read", csv::blocks({"2023.csv", "data/*.csv.gz"}))
///   g.source("read", csv::blocks("-"))  // standard input
///
/// Files may be plain, gzip or zstd, told by content (input/file.hpp), and named as input_paths.hpp says. All have the
/// columns of the first, by name and order, which is checked before the job starts, and its dialect; the first record
/// of each is a header where the first's is. Row numbers go on from file to file; lines are of the file.
///
/// A record ends with LF, CRLF or CR outside quotes. A quote opens a quoted cell only as the cell's
/// first character; inside, a quote is written twice (RFC 4180). Blank lines are not records. Row
/// and line numbers do not depend on where blocks end.
///
/// probe() looks at the first 256 KiB of the first file, and on until it has seen 100 rows, the whole file, or 16 MiB,
/// and describes the columns:
/// - a byte order mark is skipped, and so are a line "sep=;", which names the delimiter, and lines before the
///   records that begin with # and do not name columns;
/// - the delimiter is one of , ; tab | (sniff/delimiter.hpp);
/// - the first record is a header when a cell of it is a word and the column below it holds values of one type, and
///   where all columns are text, when its cells are all different words;
/// - without a header columns are named c0, c1 ...; an empty name becomes c and its position, a name that is there
///   already gets _2, _3 ... (note "renamed" lists them);
/// - a column is I64, F64, BOOL, TIMESTAMP or TEXT by what its cells say (sniff/guess.hpp); nulls do not decide. What
///   the first 16 KiB of each other file say counts too.
/// Notes: "path", "delimiter" (the character), "decimal", "nulls" (a line each), "header" ("true" or
/// "false"), "types" ("inferred"), "line end", "skipped lines" where there are any, "renamed" where names were
/// changed, "names" where the header is not written as csv.write would, "twice NAME" with two positions, "1 and 3",
/// for names that the file has more than once.
///
/// Errors, each one sentence: at probe a file that is missing, a directory, unreadable, empty, UTF-16, without records,
/// or with other columns than the first, and what input_paths.hpp and input/file.hpp say; then NUL bytes, a record
/// that is too long, an end inside a quote, a file that shrinks or, of several, is changed before it is read. A file is
/// read up to the size it had at probe.
///
/// A position is a file and the offset in what is inside; to return to one in a packed file it is unpacked from its
/// beginning. It is of the files as they are: where one has changed since, it is refused. Of standard input and pipes
/// there is none: what they give is gone. They are read by the process that runs the graph alone (no cluster), by one
/// stage, and blocks end where nothing more has come for some ms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <leat/actors/input/unpacker.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/graph/input_paths.hpp>
#include <leat/schemas/csv.capnp.h>

namespace leat::csv {

struct BlockOptions {
  std::size_t block_bytes = 256 * 1024;  ///< memory of one block, in bytes; 64 to 256 MiB
  std::size_t max_record = 1024 * 1024;  ///< longest record, in bytes; at least block_bytes
  std::uint64_t max_window = kMostWindow;  ///< largest window of a zstd file, in bytes; counts as state
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

/// Threads: as Source. Memory: one block, and for one long record at most max_record; of packed files and pipes as
/// state what unpacks them, and once more max_record.
Kind<Message<schema::CsvBlock>> blocks(InputPaths paths, BlockOptions options = {});
DeclaredKind declared_blocks();

}  // namespace leat::csv
