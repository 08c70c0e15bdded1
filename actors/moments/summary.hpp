/// Summary: what is in each column of a stream: counts, extremes, mean, and a small histogram. A fold to a Table.
///
///   rows.fold("look", leat::summary()).sink("statistics", leat::tables::write("columns.tables"));
///
/// Contract. In: Tables of one layout. Out: one Table at the end, a row a column, in their order; nothing when
/// interrupted. Its columns: column and type (text); values, nulls and not_finite (i64): cells that are not null, that
/// are, and of the values NaN and infinities; least, greatest, mean and deviation of the finite ones (f64), of times in
/// seconds since 1970; bins_from and bin_width (f64) and bins, the counts as text with spaces between (histogram.hpp).
/// What a column of texts or bytes, or one without a finite number, has none of is null. The deviation is that of the
/// population. Combinable: the bins do not depend on the split, mean and deviation but for the last digits. Errors: a
/// chunk with other columns. State: 512 bytes a column, and one chunk's column of doubles.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

namespace leat {

Kind<Table, Table> summary();
DeclaredKind declared_summary();

}  // namespace leat
