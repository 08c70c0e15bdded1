/// Scale: standardises columns, (x - mean) / deviation, with moments read to their end first: one
/// transform for all rows, never running statistics.
///
///   auto moments = rows.fold("look", leat::moments({"speed", "mass"}));
///   auto scaled  = again.after(moments).join("scale", moments, leat::scale({"speed", "mass"}));
///
/// Contract. In: Tables on port 0, one schema::Moments on port 1, whole first. Out: the same Tables,
/// the named columns changed, their type kept. Columns must be f64 or f32: f16 and integers cannot hold
/// what comes out, and are an error when the graph is checked. None named: all numeric ones. Computed
/// in doubles. Nulls stay null. Errors name the column: no moments of it, no value in it, deviation 0.
/// Memory: a chunk that nobody else holds is changed in place, else copied. Threads: stateless but for
/// the moments; each replica reads them.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

#include <string>
#include <vector>

namespace leat {

Kind<Table, Table, Message<schema::Moments>> scale(std::vector<std::string> columns = {});
DeclaredKind declared_scale();

}  // namespace leat
