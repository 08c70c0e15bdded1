/// Union: the rows of two streams as one, their columns brought together by name.
///
///   auto all = old_rows.join("all", new_rows, leat::union_by_name());
///
/// In TOML kind "union" with `from = ["old", "new"]`; of three streams make two unions. Contract. In and out: Tables.
/// Both must have the same columns, of the same types, in any order: those of the output are in the order of the first.
/// What is nullable in one is nullable in the output. Rows keep their numbers, each in its own source, and the order of
/// their stream; between the streams there is none: whichever chunk is ready comes. Chunks that have the columns as
/// they are in the output are passed on as they are. Values are those that were read, not what a file says of them: an
/// output file is written from values. Errors before the start: columns that one of the two does not have, or has of
/// another type, by name; columns that are not known then, behind a function. Memory: one new chunk. Threads:
/// stateless, any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

namespace leat {

Kind<Table, Table, Table> union_by_name();
DeclaredKind declared_union_by_name();

}  // namespace leat
