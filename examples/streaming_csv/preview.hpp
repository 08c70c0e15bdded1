/// The first rows of a CSV file and the types of its columns, by what is there of it: a file may still grow.
///
///   auto text = preview(path, 20);       // {"columns": [{"name": "hour", "type": "f64"}], "rows": [["8.5"]], ...}
///
/// At most its first 256 KiB are read, and a record that does not end there is left out. Cells are shown as the file
/// has them, at most 200 bytes of each. Errors, one sentence each, do not name the file: its path is its service's.
#pragma once

#include <cstddef>
#include <string>

#include <leat/actors/sniff/sniff.hpp>
#include <leat/chunk/result.hpp>

leat::Result<std::string> preview(const std::string& path, std::size_t rows);

/// The beginning of a file.
struct LookedAt {
  std::string bytes;
  bool whole = false;  ///< there is one record at most, taken for all of it
  leat::csv::Sniffed sniffed;
  std::size_t records = 0;  ///< below the header, about
};
leat::Result<LookedAt> look(const std::string& path);
