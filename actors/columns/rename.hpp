/// Rename: other names for columns.
///
///   rows.map("clear", leat::rename({{"dep_delay", "delay"}, {"dist", "distance"}}));
///
/// In TOML `columns = ["dep_delay as delay", "dist as distance"]`, names in backticks where they are no plain words.
/// Contract. In and out: Tables; columns keep their place, type, nulls and what their file says; rows their numbers and
/// order. All names change at once: two may change places. Errors: an unknown column, with the near name; one that is
/// renamed twice; a name that another column has then. Memory: one new chunk. Threads: stateless, any number of
/// replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>
#include <utility>
#include <vector>

namespace leat {

/// Old and new.
using Renaming = std::pair<std::string, std::string>;

Kind<Table, Table> rename(std::vector<Renaming> columns);
DeclaredKind declared_rename();

}  // namespace leat
