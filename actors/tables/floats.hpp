/// What the floats of Tables are kept as: the same, or smaller.
///
///   auto smaller = leat::tables::stored(pool, table, leat::tables::Floats::f16, rounded);
///
/// Contract. f64 and f32 may be kept as f32 or f16; what is that small already stays as it is, and so does all else,
/// but for what a column's file says of its cells, which is dropped. Errors: one that would become infinite, with
/// column and row. Threads: no state.
#pragma once

#include <cstdint>

#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>

namespace leat::tables {

/// What f64 and f32 are kept as.
enum class Floats { as_they_are, f32, f16 };

/// What a column of this type is kept as.
ColumnType stored(ColumnType type, Floats floats);
/// These fields as they are kept.
Fields stored(Fields fields, Floats floats);
/// The same table where nothing is to be changed. `rounded` is added the numbers that are not the same.
Result<Table> stored(Pool& pool, const Table& table, Floats floats, std::uint64_t& rounded);

/// Refuses columns that nobody has read (ColumnType::RAW) for the stage kind `kind`.
Result<void> have_values(std::string_view kind, const Fields& fields);

}  // namespace leat::tables
