/// JSON blocks: a source that reads files of JSON lines and cuts them between lines, for json::parse.
///
///   g.source("read", leat::json::blocks("events-*.jsonl.gz")).map("parse", leat::json::parse())
///
/// A line ends with LF or CRLF; blank lines are no rows. Files are read one after the other, plain, gzip or zstd
/// (input/record_blocks.hpp). probe() looks at the first 256 KiB of each, and on until it has seen 100 objects, the
/// whole file, or 16 MiB, of all files 16 MiB besides the first; fields and types are those of sniff/json_sample.hpp.
/// Lines that are no objects are passed over by it: what becomes of them is for who parses them. Notes: "path", and
/// "json fields".
///
/// Errors, each one sentence: what cannot be read; files without a single object, or with more than 4,096 fields in
/// those that are looked at; a line that is longer than max_line.
#pragma once

#include <leat/actors/input/unpacker.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/graph/input_paths.hpp>
#include <leat/schemas/csv.capnp.h>

#include <string>

namespace leat::json {

struct BlockOptions {
  std::size_t block_bytes = 256 * 1024;  ///< memory of one block, in bytes; 64 to 256 MiB
  std::size_t max_line = 1024 * 1024;    ///< longest line, in bytes; at least block_bytes
  std::uint64_t max_window = kMostWindow;  ///< largest window of a zstd file, in bytes; counts as state
};

/// Threads: as Source. Memory: one block, and for one long line at most max_line.
Kind<Message<schema::CsvBlock>> blocks(InputPaths paths, BlockOptions options = {});
DeclaredKind declared_blocks();

}  // namespace leat::json
