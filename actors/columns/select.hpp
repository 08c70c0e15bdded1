/// Select: keeps the columns that are named, in the order named.
///
///   rows.map("few", leat::select({"delay", "distance"}));
///
/// Contract. In and out: Tables. Columns of any type, with their nulls and dictionaries; the rows keep their
/// numbers and their order. Chunks that have these columns already, in this order and no others, are passed on
/// as they are. Of the columns named it asks for, and gives, those that some stage below reads, and one where
/// none does. Errors: an unknown column (with the nearest name), one that is named twice, no column at all.
/// Memory: one new chunk. Threads: stateless, any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>
#include <vector>

namespace leat {

Kind<Table, Table> select(std::vector<std::string> columns);
DeclaredKind declared_select();

}  // namespace leat
