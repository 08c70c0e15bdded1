/// JSON lines: a source of Tables, in one line.
///
///   g.source("read", leat::json::lines("events.jsonl", {.columns = {"id", "name = user.name"}}))
///
/// What json::blocks and json::parse do, in one stage: their headers say what is read, and what becomes of what cannot
/// be read. One thread parses, and it reads all columns that it is not told to leave out; the two stages parse in every
/// thread, and read the columns that some stage below reads. Notes: "path".
#pragma once

#include <leat/actors/json/blocks.hpp>
#include <leat/actors/json/parse.hpp>

namespace leat::json {

/// Threads: as Source. Memory: a block, and of a long line ten times its length.
Kind<Table> lines(InputPaths paths, ParseOptions options = {}, BlockOptions blocks = {});
DeclaredKind declared_lines();

}  // namespace leat::json
