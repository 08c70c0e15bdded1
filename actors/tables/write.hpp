/// Table files: Tables in one file as they are, whole or not at all, to be read again as fast as it can be read.
///
///   flights.sink("write", leat::tables::write("flights.tables"));
///   flights.sink("write", leat::tables::write("flights.tables", {.floats = tables::Floats::f32}));
///
/// Contract. In: Tables of one layout, written in the order they come, each as the Cap'n Proto message it is, with
/// checksums, and the least and greatest cells of its columns; the fields of all, and how many rows there are, at the
/// end (schemas/table_file.capnp). tables::read gives the same chunks back, rows' numbers included, but for what their
/// CSV file says of a cell. Without a row it is a file without a chunk, with the columns where they are known before
/// the job. floats = f32 or f16 keeps what is larger as that: it is then read as that; numbers that are not the same
/// are counted ("rounded"), one that would become infinite fails the job. The file is opened out of sight when the job
/// starts and appears when the whole job is complete (output/staged_file.hpp). Reports "written", the path; counts
/// "rows". Errors: StagedFile's; a chunk with other columns. State: a chunk where floats are changed. One replica.
#pragma once

#include <leat/actors/tables/floats.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>

namespace leat::tables {

struct Writing {
  Floats floats = Floats::as_they_are;
};

Kind<void, Table> write(std::string path, Writing options = {});
DeclaredKind declared_write();

}  // namespace leat::tables
