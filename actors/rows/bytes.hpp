/// Rows as bytes: what is kept of a row past its chunk, and written into another Table.
///
///   leat::RowBytes rows(table.fields(), {});      // all columns
///   std::string bytes;
///   rows.append(table, 3, bytes);
///   rows.put(bytes, builder, 0);                  // row 0 of a Table with the same columns
///
/// With their nulls, and what their file says of carried cells. For one row in many: a look-up a cell. Bytes are
/// of this process and its like, little-endian, and not checked. Threads: no state.
#pragma once

#include <leat/chunk/table_builder.hpp>

#include <string>

namespace leat {

class RowBytes {
 public:
  /// `without`: positions of columns whose values somebody else has; what their file says is kept.
  RowBytes(Fields fields, const std::vector<std::size_t>& without);

  void append(const Table& table, std::size_t row, std::string& to) const;
  /// Room: no more letters than bytes.
  void put(std::string_view bytes, TableBuilder& builder, std::size_t row) const;

  /// True for Tables with the same columns.
  bool takes(const Fields& fields) const;
  /// Of Tables that put() is for: no dictionaries, and any cell may be null.
  const Fields& fields() const { return fields_; }

 private:
  Fields fields_;
  std::vector<bool> kept_;  // by column
};

}  // namespace leat
