/// Fill: values in place of nulls.
///
///   rows.map("whole", leat::fill({"delay = 0", "carrier = 'none'", "arrived = left + minutes * 60"}));
///
/// Each line is COLUMN = EXPRESSION, in the language of docs/expressions.md; a column keeps its type and its place.
/// Where the value is null itself the cell stays null. Errors: as of compute; a value that the column's type does not
/// hold, as 0.5 for an i64. In and out: Tables; rows keep their numbers and order. Memory: one new chunk. Threads:
/// stateless, any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>
#include <vector>

namespace leat {

Kind<Table, Table> fill(std::vector<std::string> columns);
DeclaredKind declared_fill();

}  // namespace leat
