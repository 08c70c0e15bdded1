/// Tables: the stock chunk type. Typed columns x rows, numeric columns read in place with Eigen.
///
///   Table table = ...;
///   auto speed = table.values<double>(*table.find("speed"));  // an Eigen map, no copy
///   auto x = table.matrix<float>(0, 10);                      // rows x 10, column-major, no copy
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/chunk/fields.hpp>

#include <Eigen/Core>

#include <cassert>

namespace leat {

/// A run of columns as one matrix: rows x columns, column-major with an outer stride.
template <class T>
using TableMatrix =
    Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>, Eigen::Aligned64,
               Eigen::OuterStride<>>;
/// A column: rows x 1.
template <class T>
using TableColumn = Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>, Eigen::Aligned64>;

/// A view of a chunk that holds a Table; as cheap to copy as the chunk. Maps and string views live
/// as long as any Chunk of the message. Threads: as Chunk. Asking for a column as a type it does not
/// have, or for a row or column past the end, is a bug and asserted.
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

  std::string_view name(std::size_t column) const;
  ColumnType type(std::size_t column) const { return root().getColumns()[at(column)].getType(); }
  bool has_dictionary(std::size_t column) const {
    return root().getColumns()[at(column)].getDictionary() != 0;
  }
  std::optional<std::size_t> find(std::string_view name) const;
  /// Names and types of all columns.
  Fields fields() const;

  /// Numeric columns. T: double, float, Eigen::half, int64_t (I64, TIMESTAMP), int32_t, uint8_t.
  template <class T>
  TableColumn<T> values(std::size_t column) const {
    assert(ColumnTypeOf<T>::holds(type(column)));
    return {reinterpret_cast<const T*>(cells(column)), static_cast<Eigen::Index>(rows())};
  }

  /// `count` consecutive columns of type T, from `first`. rows() x count.
  template <class T>
  TableMatrix<T> matrix(std::size_t first, std::size_t count) const {
    auto n = static_cast<Eigen::Index>(count);
    auto stride = count < 2 ? static_cast<Eigen::Index>(rows())
                            : static_cast<Eigen::Index>((cells(first + 1) - cells(first)) / sizeof(T));
    assert(ColumnTypeOf<T>::holds(type(first)));
    return {reinterpret_cast<const T*>(cells(first)), static_cast<Eigen::Index>(rows()), n,
            Eigen::OuterStride<>(stride)};
  }

  /// A numeric cell of any type as a double (BOOL: 0 or 1; I64 beyond 2^53 rounded).
  double number(std::size_t column, std::size_t row) const;

  /// A TEXT or BYTES cell, plain or dictionary.
  std::string_view text(std::size_t column, std::size_t row) const;
  /// Codes of a dictionary column, one a row.
  std::span<const std::int32_t> codes(std::size_t column) const;

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
  capnp::uint at(std::size_t column) const {
    assert(column < columns());
    return static_cast<capnp::uint>(column);
  }
  std::string_view in_heap(Span span) const;

  Chunk chunk_;
};

}  // namespace leat
