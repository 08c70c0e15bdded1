/// A table with one more column: what derive and predict make.
///
///   auto wider = leat::append_column(*pool, table, "speed", speeds, valid_rows);
///
/// Contract. The new column is F64 and the last; all else is copied as it is: types, nulls, texts, row
/// numbers. Threads: no state. Memory: a new chunk, at most grown_chunk(stream, 9) large.
#pragma once

#include <leat/chunk/table.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace leat {

/// `valid` lists, rising, the rows that hold a value; nullptr: all do. `numbers` has one cell a row.
Table append_column(Pool& pool, const Table& table, const std::string& name,
                    std::span<const double> numbers, const std::vector<std::uint32_t>* valid);

}  // namespace leat
