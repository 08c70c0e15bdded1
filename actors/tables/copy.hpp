/// Columns of a Table copied as they lie, whole ranges at a time.
///
///   std::uint64_t rounded = 0;
///   auto narrow = leat::copy_columns(pool, table, {{2}, {0, ColumnType::F32}}, rounded);
///
/// Contract. The result has these columns, in this order, their nulls and dictionaries, and the rows' numbers; none
/// keeps what its file says. f64 and f32 may be made f32 or f16: a number that they do not have is rounded, and
/// counted. Errors: one that would become infinite, with column and row. Threads: no state.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace leat {

struct CopiedColumn {
  std::size_t from = 0;
  std::optional<ColumnType> as = {};  ///< F32 or F16, of a larger one; none: its own
};

/// A range of bytes in a table's body.
struct BodyRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// What of a table copy_columns() reads. Of a sound message only the structure is looked at: what of its body lies
/// elsewhere need not be there. Errors: corrupt, where a range would lie outside the body.
Result<std::vector<BodyRange>> copied_ranges(const Table& table, const std::vector<CopiedColumn>& columns);

Result<Table> copy_columns(Pool& pool, const Table& table, const std::vector<CopiedColumn>& columns,
                           std::uint64_t& rounded);

}  // namespace leat
