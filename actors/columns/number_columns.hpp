/// Numeric columns by name: found when a graph is checked, found again in every chunk, and read as
/// doubles. What the actors that do arithmetic on columns share.
///
///   auto found = leat::numeric_columns("moments", fields, {"speed"});   // positions, or a
///   sentence leat::NumberColumns columns("moments", {"speed"}); if (auto ok = columns.find(table);
///   !ok) return ok.error(); std::vector<double> cells(table.rows()); leat::read_numbers(table,
///   columns.positions()[0], cells.data());
///
/// Contract. Numeric: f64, f32, f16, i64, i32, bool (0 or 1). The cell of a null reads as 0: ask
/// rows_without_null first. Errors name the stage's kind, the column, the nearest name and what
/// there is; a name that two columns have is refused with both places. Threads: one object from one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <leat/actor/description.hpp>
#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/column_names.hpp>

namespace leat {

/// The error for a column that is not there.
Error no_such_column(std::string_view kind, const Fields& fields, std::string_view wanted);

/// Where the column of this name is. Errors: there is none; there are two, with both places counted from 1.
Result<std::size_t> only_column(std::string_view kind, const Fields& fields, std::string_view name);

/// Refuses a name that a stream's file has more than once, as its source notes it (csv/blocks.hpp).
Result<void> none_twice(std::string_view kind, const Description& rows, const std::vector<std::string>& names);

/// Positions of the columns named, or of all numeric ones when none is named.
Result<std::vector<std::size_t>> numeric_columns(std::string_view kind, const Fields& fields,
                                                 const std::vector<std::string>& names);

/// The columns that numeric_columns finds, for StageKind::reads; all where the fields are not known and no
/// name is given.
ColumnNames numeric_columns_read(const Description& rows, const std::vector<std::string>& names);
/// The same of a kind that gives them other values.
ColumnNames numeric_columns_changed(const Description& rows, const std::vector<std::string>& names);

/// Finds named columns in one chunk after another; cheap while their layout stays the same.
class NumberColumns {
 public:
  /// No names: all that are numeric in the first chunk.
  NumberColumns(std::string kind, std::vector<std::string> names)
      : kind_(std::move(kind)), names_(std::move(names)) {}

  Result<void> find(const Table& table);
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::size_t>& positions() const { return positions_; }
  const std::vector<ColumnType>& types() const { return types_; }
  /// In the table found last: where each column's cells begin, and its bitmap, nullptr where none is null.
  struct Place {
    const std::byte* cells = nullptr;
    const std::uint8_t* validity = nullptr;
  };
  const std::vector<Place>& places() const { return places_; }

 private:
  bool as_before(const Table& table);

  std::string kind_;
  std::vector<std::string> names_;
  std::vector<std::size_t> positions_;
  std::vector<ColumnType> types_;
  std::vector<Place> places_;
};

/// All cells of a numeric column as doubles.
void read_numbers(const Table& table, std::size_t column, double* to);

/// Calls f(const T* cells) with a numeric column's cells in their own type.
template <class F> void with_cells(ColumnType type, const std::byte* cells, F f) {
  switch (type) {
    case ColumnType::F64:
      return f(reinterpret_cast<const double*>(cells));
    case ColumnType::F32:
      return f(reinterpret_cast<const float*>(cells));
    case ColumnType::F16:
      return f(reinterpret_cast<const Eigen::half*>(cells));
    case ColumnType::I64:
      return f(reinterpret_cast<const std::int64_t*>(cells));
    case ColumnType::I32:
      return f(reinterpret_cast<const std::int32_t*>(cells));
    default:
      return f(reinterpret_cast<const std::uint8_t*>(cells));
  }
}
template <class F> void with_cells(const Table& table, std::size_t column, F f) {
  with_cells(table.type(column), table.cells(column), f);
}

/// True when some row is null in one of the columns; `rows` then lists those that are not.
bool rows_without_null(const Table& table, std::span<const std::size_t> columns,
                       std::vector<std::uint32_t>& rows);

/// What the file is called that rows come from; "" where that is not known.
std::string file_of(const Description& rows);

/// An error of this row with its place in `file`, as file_of() gives it: "flights.csv:3: ...", or without the line
/// where that is not known.
Error at_row(const Error& error, const Table& table, std::size_t row, const std::string& file);

/// The error for the first row that has NaN or infinity in one of these columns, and a null in none, with its place;
/// success when there is none.
Result<void> all_finite(std::string_view kind, const Table& table, std::span<const std::size_t> columns,
                        const std::string& file);

/// Rows a chunk of such a stream can have at most.
std::uint64_t most_rows(const Description& stream);
/// Footprint of such a chunk at most, when `bytes` more are needed for each row.
std::uint64_t grown_chunk(const Description& stream, std::uint64_t bytes);

}  // namespace leat
