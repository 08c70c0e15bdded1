/// CSV writer: Tables as one CSV file, whole or not at all.
///
///   predicted.sink("write", leat::csv::write("out.csv"));
///   predicted.sink("write", leat::csv::write("out.csv", {.delimiter = ';'}));
///
/// Contract. In: Tables of one layout, written in the order they come: a header line, then a line a
/// row, as RFC 4180 has it. Cells that come from a CSV file and that no stage has changed are written
/// byte for byte as that file has them, and so are its names; delimiter and line end are its own, else
/// a comma and LF. Other numbers are the shortest text that reads
/// back as the same number (std::to_chars), infinity and NaN as inf and nan; bools true and false;
/// timestamps ISO 8601 in UTC with as many decimals as they need (0, 3, 6 or 9); texts in quotes
/// where they hold the delimiter, a quote or a line end. A null is empty, and NA in a table with one column, where an
/// empty line would be no row; an empty text is "". csv.parse reads all this back as it was, where it is told the
/// types. The header is
/// written even if no row comes, where the columns are known before the job. The file is opened out
/// of sight when the job starts and appears when the whole job is complete; an interrupted or
/// failed job leaves what was there before (see output/staged_file.hpp). Reports "written", the path;
/// counts "rows". Errors: the path cannot be written, the disk is full, bytes columns, a name that holds a NUL, a text
/// that is not UTF-8 or holds a NUL, the null of a text that is a table's only column, a chunk with other columns.
/// State: a buffer of 256 KiB and one row. One replica.
#pragma once

#include <optional>
#include <string>

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

namespace leat::csv {

struct Writing {
  /// As for csv::blocks; default: that of the file the rows come from, where it is known, else a comma.
  std::optional<char> delimiter = {};
};

Kind<void, Table> write(std::string path, Writing options = {});
DeclaredKind declared_write();

}  // namespace leat::csv
