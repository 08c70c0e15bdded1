/// Moments as a Table, to be written, joined or looked at: one row a column.
///
///   auto looked = rows.fold("look", leat::moments());
///   looked.map("rows", leat::moments_table()).sink("write", leat::csv::write("moments.csv"));
///
/// Contract. In: schema::Moments. Out: for each a Table of column (text), count (i64), mean, deviation, minimum and
/// maximum (f64), in the order of its columns; what a column without any value does not have is null. Threads:
/// stateless.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

Kind<Table, Message<schema::Moments>> moments_table();
DeclaredKind declared_moments_table();

}  // namespace leat
