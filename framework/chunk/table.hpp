/// Tables: the stock chunk type. Typed columns x rows, numeric columns read in place with Eigen.
///
///   Table table = ...;
///   auto speed = table.values<double>(*table.find("speed"));  // an Eigen map, no copy
///   auto x = table.matrix<float>(0, 10);                      // rows x 10, column-major, no copy
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/chunk/misuse.hpp>

#include <Eigen/Core>

namespace leat {

/// A run of columns as one matrix: rows x columns, column-major with an outer stride.
template <class T>
using TableMatrix =
    Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>, Eigen::Aligned64,
               Eigen::OuterStride<>>;
/// A column, as arithmetic takes it: rows x 1.
template <class T>
using TableColumn = Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>, Eigen::Aligned64>;

/// A column, as loops take it: column.hpp. Rows: rows.hpp.
template <class T>
class ColumnView;
template <class... Ts>
class RowsView;
template <class S>
class RowStructs;

/// The position of a column that was looked for, or that there is none. Where there is none, asking for
/// it throws std::out_of_range with the name, and the one that is near.
class FoundColumn {
 public:
  explicit FoundColumn(std::size_t position) : position_(position) {}
  FoundColumn(Chunk table, std::string_view wanted) : table_(std::move(table)), wanted_(wanted) {}

  bool has_value() const noexcept { return position_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  std::size_t value() const { return position_ ? *position_ : missing(); }
  std::size_t operator*() const { return value(); }
  std::size_t value_or(std::size_t other) const noexcept { return position_.value_or(other); }
  operator std::optional<std::size_t>() const noexcept { return position_; }
  friend bool operator==(const FoundColumn& found, std::size_t position) { return found.position_ == position; }
  friend bool operator==(const FoundColumn& found, std::nullopt_t) { return !found; }

 private:
  [[noreturn]] std::size_t missing() const;

  std::optional<std::size_t> position_;
  Chunk table_;  // for the sentence: only where the column is missing
  std::string wanted_;
};

/// A view of a chunk that holds a Table; as cheap to copy as the chunk. Maps and string views live
/// as long as any Chunk of the message. Threads: as Chunk. Asking for a column as a type it does not
/// have, or for a row or column past the end, is a bug and throws what misuse.hpp says. It is looked
/// at when a column, a cell or a name is asked for; what is handed out as a map, a span or a pointer
/// has no checks of its own.
class Table {
 public:
  Table() = default;
  explicit Table(Chunk chunk) : chunk_(std::move(chunk)) {}

  std::size_t rows() const { return root().getRows(); }
  std::size_t columns() const { return root().getColumns().size(); }
  /// Number of row `row` in its source, counted from 0, header not counted.
  std::uint64_t row_number(std::size_t row) const;
  /// The numbers of all rows where they are not consecutive, else nullptr.
  const std::uint64_t* row_numbers() const;
  std::uint64_t first_row() const { return root().getFirstRow(); }
  /// Line of its file, counted from 1, on which row `row` begins; 0 where that is not known.
  std::uint64_t line(std::size_t row) const;
  /// Of all rows how many lines after first_line() they begin, where that does not follow from their numbers, else
  /// nullptr.
  const std::uint32_t* lines() const;
  /// Where row number first_row() would begin; 0 where that is not known.
  std::uint64_t first_line() const { return root().getFirstLine(); }

  std::string_view name(std::size_t column) const;
  ColumnType type(std::size_t column) const { return at(column).getType(); }
  bool has_dictionary(std::size_t column) const { return at(column).getDictionary() != 0; }
  /// Where the column of this name is: `if (auto x = table.find("x")) ... *x`.
  FoundColumn find(std::string_view name) const;
  /// Names and types of all columns.
  Fields fields() const;

  /// A column as cells of type T, which it must be able to hold: see column.hpp.
  template <class T>
  ColumnView<T> column(std::string_view name) const;
  template <class T>
  ColumnView<T> column(std::size_t position) const;
  /// Rows as tuples, `for (auto [hour, delay] : table.rows<int, double>("hour", "delay"))`: see rows.hpp.
  template <class... Ts, class... Names>
    requires(sizeof...(Ts) > 0 && sizeof...(Ts) == sizeof...(Names))
  RowsView<Ts...> rows(const Names&... names) const;
  /// Rows as structs that say which columns their members are: see rows.hpp.
  template <class S>
  RowStructs<S> rows() const;

  /// Numeric columns. T: double, float, Eigen::half, int64_t (I64, TIMESTAMP), int32_t, uint8_t.
  template <class T>
  TableColumn<T> values(std::size_t column) const {
    expect<T>(column);
    return {reinterpret_cast<const T*>(cells(column)), static_cast<Eigen::Index>(rows())};
  }

  /// `count` consecutive columns of type T, from `first`. rows() x count.
  template <class T>
  TableMatrix<T> matrix(std::size_t first, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) expect<T>(first + i);
    auto n = static_cast<Eigen::Index>(count);
    auto stride = count < 2 ? static_cast<Eigen::Index>(rows())
                            : static_cast<Eigen::Index>((cells(first + 1) - cells(first)) / sizeof(T));
    return {count ? reinterpret_cast<const T*>(cells(first)) : nullptr, static_cast<Eigen::Index>(rows()), n,
            Eigen::OuterStride<>(stride)};
  }

  /// A numeric cell of any type as a double (BOOL: 0 or 1; I64 beyond 2^53 rounded).
  double number(std::size_t column, std::size_t row) const;

  /// A TEXT, BYTES or RAW cell, plain or dictionary.
  std::string_view text(std::size_t column, std::size_t row) const;
  /// Codes of a dictionary column, one a row.
  std::span<const std::int32_t> codes(std::size_t column) const;

  /// Whether the column has kept what its file says: what a RAW column is, and others have beside their values.
  bool has_raw(std::size_t column) const;
  /// A cell as it lies in its file, quotes and all, where has_raw().
  std::string_view raw(std::size_t column, std::size_t row) const;

  /// False for a null.
  bool valid(std::size_t column, std::size_t row) const;
  /// The validity bitmap, least significant bit first, or nullptr when no cell is null.
  const std::uint8_t* validity(std::size_t column) const;

  /// First cell of a column; rows() cells of cell_bytes() each.
  const std::byte* cells(std::size_t column) const;

  const Chunk& chunk() const& { return chunk_; }
  Chunk&& chunk() && { return std::move(chunk_); }

  using Schema = schema::Table;
  static PayloadType payload_type() { return Message<schema::Table>::payload_type(); }

 private:
  schema::Table::Reader root() const { return chunk_.root<schema::Table>(); }
  schema::Column::Reader at(std::size_t column) const {
    auto all = root().getColumns();
    if (column >= all.size()) misuse::no_column(fields(), column);
    return all[static_cast<capnp::uint>(column)];
  }
  void expect_row(std::size_t row) const {
    if (row >= rows()) misuse::no_row(row, rows());
  }
  template <class T>
  void expect(std::size_t column) const {
    if (!ColumnTypeOf<T>::holds(type(column))) misuse::wrong_type(fields()[column], ColumnTypeOf<T>::name);
  }
  std::string_view heap_text(Span span) const;

  Chunk chunk_;
};

}  // namespace leat
