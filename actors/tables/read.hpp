/// Table files, read: a source of the Tables that tables::write has written.
///
///   g.source("read", leat::tables::read("flights.tables"))
///
/// Contract. Out: the chunks of the file, in its order, as they were written. Each is read into pooled memory, held
/// against its checksums, and looked through once before it goes on (validate.hpp). Where not all columns are read
/// below, only those of each chunk are read from the disk, and held against the checksums of their pieces, and the
/// chunks have those alone. Of a file of version 2 a chunk all of whose rows are of no use to the stage below
/// (Outbox::cut_off: top says so) is not read but for the checksums and the least and greatest cells that stand before
/// it; counts "rows left out". Description: fields, rows, bytes. Notes: "path". A position is a chunk's number and place;
/// one of a file that has changed since is refused.
///
/// Errors, one sentence each: at probe a file that is missing, a directory, not regular, unreadable, empty, no file of
/// tables, of another version, cut, with a damaged index; then a chunk that is damaged, with its number and place, or
/// that has other columns than the index says.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>

namespace leat::tables {

/// Threads: as Source. Memory: one chunk, and one as long as it is narrowed.
Kind<Table> read(std::string path);
DeclaredKind declared_read();

}  // namespace leat::tables
