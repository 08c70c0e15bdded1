/// Cache: a stream given again, several times over, for what has to go over its rows in passes.
///
///   rows.map("cache", leat::tables::cache({.again = 20, .store = leat::tables::Floats::f16}))
///       .fold("train", leat::sgd({.target = "delay"}));
///
/// Contract. In: Tables of one layout. Out: each as it comes, and once all have come, all of them `again` times more,
/// in their order, chunk by chunk, with the rows' numbers that they have: what follows knows a new pass by numbers that
/// begin anew. What its CSV file says of a cell is dropped. store = f32 or f16 makes larger floats that, before they
/// are given for the first time, so that all passes are alike; what is not the same then is counted ("rounded"), and a
/// number that would become infinite fails the job with column and row (floats.hpp).
///
/// Chunks are held in memory until they are `memory` bytes; those that come then go to a file in the scratch folder,
/// hidden, readable by its user only, and gone with the stage. What is given is the same to the bit, wherever it lay.
/// Counts "rows" of the first pass and "chunks on disk". Nothing is given again where the job is interrupted. Errors: a
/// chunk with other columns; StagedFile's, of a full disk or a folder that is not there; a scratch file that was
/// damaged.
///
/// State: `memory`, or less where the stream's size is known, and two chunks. A snapshot has what is in memory, and
/// names the scratch file: another actor copies its own of that, on the same machine. Description: notes "passes",
/// `again` and one. Threads: one replica.
#pragma once

#include <cstdint>
#include <string>

#include <leat/actors/tables/floats.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

namespace leat::tables {

struct CacheOptions {
  std::uint64_t again = 1;  ///< times that all is given after the first
  Floats store = Floats::as_they_are;
  std::uint64_t memory = std::uint64_t{256} << 20;  ///< bytes
  std::string scratch = "/var/tmp";                 ///< a folder
};

Kind<Table, Table> cache(CacheOptions options);
DeclaredKind declared_cache();

}  // namespace leat::tables
