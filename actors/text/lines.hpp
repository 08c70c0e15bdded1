/// Text lines: a source of Tables with one column, the lines of a file.
///
///   g.source("read", leat::text::lines("access.log.gz"))
///       .filter("late", [](const leat::Table& table) { return table.text(0, 0) > "2024"; })
///
/// A line ends with LF or CRLF, which are no part of it; the last one needs no end. Blank lines are rows, so that there
/// are as many rows as `wc -l` counts, and one more where the last has no end. Files are read one after the other,
/// plain, gzip or zstd (input/record_blocks.hpp); a byte order mark at the beginning of one is skipped. A file may be
/// empty.
///
/// Errors, each one sentence: what cannot be read; with file and line a line that is longer than max_line, and where
/// lines are text, not bytes, one that is not UTF-8 or has a NUL in it.
#pragma once

#include <leat/actors/input/unpacker.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/graph/input_paths.hpp>

#include <string>

namespace leat::text {

struct LineOptions {
  std::string column = "line";            ///< what the column is called
  ColumnType type = ColumnType::TEXT;     ///< TEXT or BYTES: then anything is a line
  std::size_t block_bytes = 256 * 1024;   ///< what is read at once, in bytes; 64 to 256 MiB
  std::size_t max_line = 1024 * 1024;     ///< longest line, in bytes; at least block_bytes
  std::uint64_t max_window = kMostWindow;  ///< largest window of a zstd file, in bytes; counts as state
};

/// Gives Tables of at most 512 KiB, or of one longer line. Threads: as Source; one core reads about 1 GB/s. Memory: a
/// block, and what packed files need.
Kind<Table> lines(InputPaths paths, LineOptions options = {});
DeclaredKind declared_lines();

}  // namespace leat::text
