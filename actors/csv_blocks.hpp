/// CSV blocks: a source that reads one file and cuts it between records.
///
///   g.source("read", csv::blocks("flights.csv", {.delimiter = ';'}))
///
/// A record ends with LF, CRLF or CR outside quotes. A quote opens a quoted cell only as the cell's
/// first character; inside, a quote is written twice (RFC 4180). Blank lines are not records. Row
/// and line numbers do not depend on where blocks end.
///
/// probe() looks at the first 256 KiB and describes the columns:
/// - a byte order mark is skipped; the delimiter is the one of `, ; tab |` that gives the most records as many
///   cells as the first has;
/// - the first record is a header when none of its cells is a number, truth value or date, and either a column
///   below it holds only such, or its cells are all different and not empty;
/// - without a header columns are named c0, c1 ...; an empty name becomes c and its position, a name that is there
///   already gets _2, _3 ... (note "renamed" lists them);
/// - a column is F64 when its cells are all numbers, BOOL when all true or false, TIMESTAMP when all ISO 8601 dates
///   or times, else TEXT; empty cells do not decide; a column without any cell that decides is TEXT, in a file
///   without rows F64.
/// Notes: "path", "delimiter" (the character), "header" ("true" or "false"), "types" ("inferred"),
/// "renamed" where names were changed.
///
/// Errors, each one sentence: at probe a file that is missing, a directory, not regular (a pipe
/// cannot be read twice), unreadable, empty, UTF-16, or without records; then NUL bytes, a record
/// that is too long, an end inside a quote, a file that shrinks. The file is read up to the size it
/// had at probe. A position is of the file as it is: one that has changed since is refused.
#pragma once

#include <optional>
#include <string>

#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/csv.capnp.h>

namespace leat::csv {

struct BlockOptions {
  std::size_t block_bytes = 256 * 1024;  ///< memory of one block, in bytes; 64 to 256 MiB
  std::size_t max_record = 1024 * 1024;  ///< longest record, in bytes; at least block_bytes
  std::optional<char> delimiter = {};    ///< ASCII, no letter, digit, . + -; default: detected
  std::optional<bool> header = {};       ///< the first record names the columns; default: detected
};

/// Threads: as Source. Memory: one block, and for one long record at most max_record.
Kind<Message<schema::CsvBlock>> blocks(std::string path, BlockOptions options = {});
DeclaredKind declared_blocks();

}  // namespace leat::csv
