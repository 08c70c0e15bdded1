/// Tables of rows of others: chosen, gathered in any order, cut, put together, with dictionaries.
///
///   leat::Table late = leat::gather(pool, flights, positions);   // in the order of `positions`
///   leat::Table all = leat::concatenate(pool, parts);
///
/// Rows are copied with their nulls, their dictionaries and what their file says of them. To read some rows only,
/// nothing need be copied: columns and rows are ranges, `table.column<double>("x").values().subspan(10, 5)`.
/// Positions past the end throw std::out_of_range, more than a table can hold std::length_error. Threads: pure.
#pragma once

#include <leat/chunk/table_builder.hpp>

#include <span>
#include <string>
#include <vector>

namespace leat {

/// The rows at these positions, which rise; they keep their numbers.
Table select_rows(Pool& pool, const Table& table, std::span<const std::uint32_t> positions);

/// The rows at these positions, in any order and any number of times each; numbered anew, from `first_row` on.
Table gather(Pool& pool, const Table& table, std::span<const std::uint32_t> positions, std::uint64_t first_row = 0);

/// `count` rows from `first` on; they keep their numbers.
Table slice(Pool& pool, const Table& table, std::size_t first, std::size_t count);

/// The rows of all tables, one after another. They keep their numbers where those rise throughout, else they are
/// numbered from that of the first on. Throws a ThrownError where the tables differ in the names or the types of
/// their columns, and std::invalid_argument where there are none. A column that is nullable, or has a dictionary,
/// in one table is so in the result.
Table concatenate(Pool& pool, std::span<const Table> tables);

/// The table with dictionaries for these columns: each distinct text stands in it once. Throws a ThrownError for
/// a column that is not there or not text or bytes.
Table with_dictionaries(Pool& pool, const Table& table, const std::vector<std::string>& names);

}  // namespace leat
