/// Cast: columns of another type.
///
///   rows.map("typed", leat::cast({{"id", ColumnType::TEXT}, {"price", ColumnType::F32}}));
///   rows.map("typed", leat::cast({{"age", ColumnType::I32}}, leat::Misfits::null));
///
/// To f64, f32, f16, i64, i32, bool, text and timestamp, from all of them; what becomes of which value is in
/// docs/expressions.md under int, float, text, bool and time. Numbers are rounded to the nearest that f32 or f16 holds.
/// A value that does not fit (text that is no number, NaN as an integer, what is too large) fails the job, naming
/// column, row and value, or becomes null. Errors before the start: an unknown column, with the near name; types of
/// which none becomes the other, as bool and timestamp. In and out: Tables; columns keep their place, rows their
/// numbers and order. Memory: one new chunk. Threads: stateless, any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <map>
#include <string>

namespace leat {

/// What becomes of a value that the new type does not hold.
enum class Misfits { fail, null };

Kind<Table, Table> cast(std::map<std::string, ColumnType> types, Misfits misfits = Misfits::fail);
DeclaredKind declared_cast();

}  // namespace leat
