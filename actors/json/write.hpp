/// Tables as one file of JSON lines: an object a line, whole or not at all.
///
///   predicted.sink("write", leat::json::write("out.jsonl"));
///
/// Contract. In: Tables, written in the order they come: an object a row, its keys the columns in their order.
/// Numbers are the shortest text that reads back as the same number (std::to_chars), whole ones in full. JSON
/// has no NaN and no infinity: they are written as null, and counted as "not numbers". A null is null; bools
/// true and false; timestamps text, ISO 8601 in UTC with as many decimals as they need (0, 3, 6 or 9). Texts
/// and names are UTF-8, escaped where they must be; bytes that are no UTF-8 become U+FFFD. Every line ends in
/// LF; without a row the file is empty. The file is opened out of sight when the job starts and appears when
/// the whole job is complete; an interrupted or failed job leaves what was there before (see
/// output/staged_file.hpp). Reports "written", the path; counts "rows". Errors: the path cannot be written, the disk
/// is full, bytes columns. State: a buffer of 256 KiB. One replica.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>

namespace leat::json {

Kind<void, Table> write(std::string path);
DeclaredKind declared_write();

}  // namespace leat::json
